//! Which connections are one account.
//!
//! Links are made in rounds, the strongest evidence first: what the user says, the platform's own id, the
//! handle, the page. In a round, connections that share a name are brought together, unless the account that
//! would come out of it contradicts itself: two ids of one sort, a person and an organization, two handles
//! (for what is weaker than an id), or what the user keeps apart. Then the name links nobody, and so does
//! every other name of that round which would have led to the same account: which of them is the stale one
//! cannot be told, and whoever is asked first must not decide. What is left becomes a suggestion.
//!
//! So the outcome depends on what is told and never on an order.

use std::collections::{HashMap, HashSet};

use super::{
    account::{LinkRule, SuggestionReason, ToldBy},
    identity::Identity,
    naming::{Holder, Name, Space},
    union_find::UnionFind,
};
use crate::platform::Platform;

/// Connections by their place in the list that was linked.
pub(super) type Place = u32;

/// Whatever is known before names are compared.
pub(super) struct Facts<'a> {
    pub(super) platforms: Vec<&'a Platform>,
    pub(super) identities: Vec<Identity>,
    /// Sets that the user says are one account, each on one platform.
    pub(super) together: Vec<Vec<Place>>,
    /// Sets that the user keeps apart: for each the connections with the number of what named them there.
    pub(super) apart: Vec<Vec<(Place, u32)>>,
}

/// How it came out.
pub(super) struct Linking {
    sets: UnionFind,
    groups: Vec<Group>,
    claims: HashMap<Place, Vec<Claim>>,
}

/// Connections that share something.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) rule: LinkRule,
    pub(super) name: Option<String>,
    pub(super) members: Vec<(Place, Option<ToldBy>)>,
    /// Whether that makes them one account.
    pub(super) is_link: bool,
}

/// Something that an account can be only one of.
type Claim = (Scheme, u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Scheme {
    /// What a set of the user's keeps apart.
    Apart(u32),
    Holder,
    Name(Space),
}

impl Scheme {
    /// Whether two claims of this scheme keep `rule` from linking.
    fn stops(self, rule: LinkRule) -> bool {
        match self {
            Self::Apart(_) => true,
            Self::Holder => rule >= LinkRule::PlatformId,
            Self::Name(space) if space.is_id() => rule >= LinkRule::PlatformId,
            Self::Name(Space::Address) => false,
            // A renamed account has two handles, one of which may be somebody else's by now.
            Self::Name(_) => rule >= LinkRule::Handle,
        }
    }
}

impl Linking {
    pub(super) fn of(facts: &Facts<'_>) -> Self {
        let names = Names::of(facts);
        // What the user says is news only where it brings together what would not be one account anyway.
        let mut before = (!facts.together.is_empty()).then(|| Self::with(facts, &names, &[], None));
        Self::with(facts, &names, &facts.together, before.as_mut())
    }

    fn with(facts: &Facts<'_>, names: &Names<'_>, together: &[Vec<Place>], before: Option<&mut Self>) -> Self {
        let count = Place::try_from(facts.identities.len()).unwrap_or(Place::MAX);
        let mut linking = Self { sets: UnionFind::new(count), groups: Vec::new(), claims: HashMap::new() };
        for (set, number) in facts.apart.iter().zip(0..) {
            for (place, named_by) in set {
                linking.claim(*place, (Scheme::Apart(number), *named_by));
            }
        }
        let said = together.iter().map(|set| Group {
            rule: LinkRule::User,
            name: None,
            members: set.iter().map(|place| (*place, None)).collect(),
            is_link: false,
        });
        linking.round(LinkRule::User, said.collect());
        linking.claim_names(facts, names, together, before);
        let mut groups = names.groups();
        for rule in [LinkRule::PlatformId, LinkRule::Handle, LinkRule::ProfileUrl] {
            let later = groups.iter().position(|group| group.rule > rule).unwrap_or(groups.len());
            let rest = groups.split_off(later);
            linking.round(rule, std::mem::replace(&mut groups, rest));
        }
        linking
    }

    /// The connection that stands for the account of `place`.
    pub(super) fn account_of(&mut self, place: Place) -> Place {
        self.sets.find(place)
    }

    /// Everything that was shared, also where it links nobody; what the user says in the order in which it was said.
    pub(super) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// Whether the user keeps all these accounts apart from each other.
    pub(super) fn are_kept_apart(&mut self, places: &[Place]) -> bool {
        let sets = |claims: &Vec<Claim>| -> HashSet<Scheme> {
            claims.iter().map(|claim| claim.0).filter(|scheme| matches!(scheme, Scheme::Apart(_))).collect()
        };
        let mut common: Option<HashSet<Scheme>> = None;
        for place in places {
            let account = self.sets.find(*place);
            let of_this = self.claims.get(&account).map(sets).unwrap_or_default();
            common = Some(common.map_or(of_this.clone(), |common| &common & &of_this));
        }
        common.is_some_and(|common| !common.is_empty())
    }

    /// For every account that the user keeps apart from others: those others, as pairs of accounts.
    pub(super) fn apart_accounts(&mut self, facts: &Facts<'_>) -> Vec<(Place, Place)> {
        let mut pairs = Vec::new();
        for set in &facts.apart {
            for (one, named_one) in set {
                for (other, named_other) in set {
                    if named_one != named_other {
                        pairs.push((self.sets.find(*one), *other));
                    }
                }
            }
        }
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// Lets every account claim the names that it tells. Where the user made one of several, names of one sort count
    /// as one name, and it may be both a person's and an organization's.
    fn claim_names(
        &mut self,
        facts: &Facts<'_>,
        names: &Names<'_>,
        together: &[Vec<Place>],
        mut before: Option<&mut Self>,
    ) {
        let mut aliases = UnionFind::new(Place::try_from(names.known.len()).unwrap_or(Place::MAX));
        let mut made: HashMap<Place, HashSet<Place>> = HashMap::new();
        for place in together.iter().flatten() {
            let earlier = before.as_mut().map_or(*place, |before| before.account_of(*place));
            made.entry(self.sets.find(*place)).or_default().insert(earlier);
        }
        made.retain(|_, of| of.len() > 1);
        let mut first: HashMap<(Place, Space), u32> = HashMap::new();
        let mut holders: HashMap<Place, HashSet<Holder>> = HashMap::new();
        for place in together.iter().flatten() {
            let account = self.sets.find(*place);
            if !made.contains_key(&account) {
                continue;
            }
            let identity = &facts.identities[*place as usize];
            holders.entry(account).or_default().extend(identity.holder);
            for (name, _) in &identity.names {
                if let Some(number) = names.claimed(facts.platforms[*place as usize], name) {
                    aliases.union(*first.entry((account, name.space.sort())).or_insert(number), number);
                }
            }
        }
        for (place, identity) in (0..).zip(&facts.identities) {
            let account = self.sets.find(place);
            for (name, _) in identity.names.iter().filter(|(name, _)| name.space != Space::Address) {
                if let Some(number) = names.claimed(facts.platforms[place as usize], name) {
                    self.claim(account, (Scheme::Name(name.space.sort()), aliases.find(number)));
                }
            }
            let is_both = holders.get(&account).is_some_and(|holders| holders.len() > 1);
            if let Some(holder) = identity.holder.filter(|_| !is_both) {
                self.claim(account, (Scheme::Holder, holder as u32));
            }
        }
    }

    fn claim(&mut self, account: Place, claim: Claim) {
        let claims = self.claims.entry(account).or_default();
        if !claims.contains(&claim) {
            claims.push(claim);
        }
    }

    fn round(&mut self, rule: LinkRule, groups: Vec<Group>) {
        let (mut candidates, mut settled) = (Vec::new(), Vec::new());
        for group in groups {
            let accounts = self.accounts_of(group.members.iter().map(|member| member.0));
            if accounts.len() < 2 {
                // Nothing to link: it only speaks for what is linked already.
                settled.push(Group { is_link: group.members.len() > 1, ..group });
                continue;
            }
            let contradicted = self.contradicted(accounts.iter().copied(), rule);
            if contradicted.is_empty() {
                candidates.push(group);
                continue;
            }
            candidates.extend(self.undisputed(&group, rule, &contradicted));
            settled.push(group);
        }
        // What all of them together would make, without making it.
        let mut outcome = self.sets.clone();
        for group in &candidates {
            for pair in group.members.windows(2) {
                outcome.union(pair[0].0, pair[1].0);
            }
        }
        let accounts = self.accounts_of(candidates.iter().flat_map(|group| &group.members).map(|member| member.0));
        let mut joint: HashMap<Place, Vec<Place>> = HashMap::new();
        for account in accounts {
            joint.entry(outcome.find(account)).or_default().push(account);
        }
        joint.retain(|_, accounts| !self.contradicted(accounts.iter().copied(), rule).is_empty());
        for mut group in candidates {
            group.is_link = group.members.first().is_some_and(|member| !joint.contains_key(&outcome.find(member.0)));
            if group.is_link {
                for pair in group.members.windows(2) {
                    self.join(pair[0].0, pair[1].0);
                }
            }
            settled.push(group);
        }
        self.groups.extend(settled);
    }

    /// Of a group that contradicts itself the part that has nothing to do with it, where it is safe to link that:
    /// by an id, or if only the user's word stands against the whole.
    fn undisputed(&mut self, group: &Group, rule: LinkRule, contradicted: &HashSet<Scheme>) -> Option<Group> {
        let is_the_users = contradicted.iter().all(|scheme| matches!(scheme, Scheme::Apart(_)));
        if rule == LinkRule::User || !(rule == LinkRule::PlatformId || is_the_users) {
            return None;
        }
        let mut members = group.members.clone();
        members.retain(|(place, _)| {
            let account = self.sets.find(*place);
            let claims = self.claims.get(&account);
            claims.is_none_or(|claims| claims.iter().all(|(scheme, _)| !contradicted.contains(scheme)))
        });
        (members.len() > 1).then(|| Group { rule, name: group.name.clone(), members, is_link: false })
    }

    fn join(&mut self, one: Place, other: Place) {
        let Some((kept, gone)) = self.sets.union(one, other) else { return };
        for claim in self.claims.remove(&gone).into_iter().flatten() {
            self.claim(kept, claim);
        }
    }

    /// The schemes in which these accounts, as one, would be two things at once.
    fn contradicted(&self, accounts: impl Iterator<Item = Place>, rule: LinkRule) -> HashSet<Scheme> {
        let mut claimed: HashMap<Scheme, u32> = HashMap::new();
        let mut contradicted = HashSet::new();
        for (scheme, value) in accounts.filter_map(|account| self.claims.get(&account)).flatten() {
            if scheme.stops(rule) && *claimed.entry(*scheme).or_insert(*value) != *value {
                contradicted.insert(*scheme);
            }
        }
        contradicted
    }

    fn accounts_of(&mut self, places: impl Iterator<Item = Place>) -> Vec<Place> {
        let mut accounts: Vec<Place> = places.map(|place| self.sets.find(place)).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }
}

impl Group {
    /// Why its accounts may be one, if nothing made them one.
    pub(super) const fn reason(&self) -> Option<SuggestionReason> {
        match self.rule {
            LinkRule::User => None,
            LinkRule::PlatformId => Some(SuggestionReason::IdContradicted),
            LinkRule::Handle => Some(SuggestionReason::HandleContradicted),
            LinkRule::ProfileUrl => Some(SuggestionReason::PageContradicted),
        }
    }
}

/// Every name of every connection, equal ones under one number.
struct Names<'a> {
    known: HashMap<(&'a Platform, Space, &'a str), u32>,
    /// Number, connection and field, as they were met.
    told: Vec<(u32, Place, ToldBy)>,
}

impl<'a> Names<'a> {
    fn of(facts: &'a Facts<'_>) -> Self {
        let count = facts.identities.len();
        let mut names = Self { known: HashMap::with_capacity(count), told: Vec::with_capacity(count) };
        for ((place, identity), platform) in (0..).zip(&facts.identities).zip(&facts.platforms) {
            for (name, told_by) in &identity.names {
                let number = names.add(platform, name.space, &name.text);
                names.told.push((number, place, *told_by));
                // Under this it is claimed.
                names.add(platform, name.space.sort(), &name.text);
            }
        }
        names
    }

    fn add(&mut self, platform: &'a Platform, space: Space, text: &'a str) -> u32 {
        let next = Place::try_from(self.known.len()).unwrap_or(Place::MAX);
        *self.known.entry((platform, space, text)).or_insert(next)
    }

    /// What claims of this name are compared by, whoever holds it.
    fn claimed(&self, platform: &'a Platform, name: &'a Name) -> Option<u32> {
        self.known.get(&(platform, name.space.sort(), name.text.as_str())).copied()
    }

    /// Connections that share a name, the strongest names first.
    fn groups(&self) -> Vec<Group> {
        let mut told = self.told.clone();
        told.sort_by_key(|(number, _, _)| *number);
        let mut shared: HashMap<u32, Vec<(Place, Option<ToldBy>)>> = HashMap::new();
        for members in told.chunk_by(|one, next| one.0 == next.0).filter(|members| members.len() > 1) {
            let places = members.iter().map(|(_, place, told_by)| (*place, Some(*told_by)));
            shared.insert(members[0].0, places.collect());
        }
        let groups = self.known.iter().filter_map(|((_, space, text), number)| {
            let members = shared.remove(number)?;
            Some((*number, Group { rule: rule_of(*space), name: Some((*text).to_owned()), members, is_link: false }))
        });
        let mut groups: Vec<(u32, Group)> = groups.collect();
        groups.sort_by_key(|(number, group)| (group.rule, *number));
        groups.into_iter().map(|(_, group)| group).collect()
    }
}

const fn rule_of(space: Space) -> LinkRule {
    match space {
        space if space.is_id() => LinkRule::PlatformId,
        Space::Address => LinkRule::ProfileUrl,
        _ => LinkRule::Handle,
    }
}
