//! What names an account on its platform: the platform's own id, a handle, a page. Each is brought into
//! one spelling by the platform's own rules, so that equal texts mean one account.
//!
//! Nothing is guessed: what a platform would tell apart stays apart. Look-alikes and the several ways in
//! which Unicode writes one character are compared as they are.

use super::page::{Page, decoded};
use crate::platform::Platform;

/// A name in one spelling, and the space in which it is somebody's only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    pub(super) space: Space,
    pub(super) text: String,
}

/// Where a name is unique. Equal texts in two spaces mean nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Space {
    /// The platform's own id.
    Id,
    /// The same, in another form that the platform also uses and that cannot be compared with the first.
    OtherId,
    /// A LinkedIn id that is told to be a member's.
    PersonId,
    /// A LinkedIn id that is told to be an organization's.
    OrganizationId,
    /// A handle.
    Handle,
    /// A LinkedIn identifier that is told to be a member's: `/in/...`.
    Person,
    /// A LinkedIn identifier that is told to be an organization's: `/company/...`.
    Organization,
    /// A YouTube address from before handles: `/c/...`.
    CustomAddress,
    /// A YouTube address from before that: `/user/...`.
    LegacyUser,
    /// A page of whose form nothing is known.
    Address,
}

impl Space {
    pub(super) const fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::OtherId | Self::PersonId | Self::OrganizationId)
    }

    /// The sort of name, whoever holds it: an account has one of each.
    pub(super) const fn sort(self) -> Self {
        match self {
            Self::PersonId | Self::OrganizationId => Self::Id,
            Self::Person | Self::Organization => Self::Handle,
            other => other,
        }
    }

    /// Whose the name is told to be, on a platform that has both.
    pub(super) const fn holder(self) -> Option<Holder> {
        match self {
            Self::PersonId | Self::Person => Some(Holder::Person),
            Self::OrganizationId | Self::Organization => Some(Holder::Organization),
            _ => None,
        }
    }
}

/// Whether an account is somebody's or some organization's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Holder {
    Person,
    Organization,
}

impl Holder {
    pub(super) const fn id_space(self) -> Space {
        match self {
            Self::Person => Space::PersonId,
            Self::Organization => Space::OrganizationId,
        }
    }

    pub(super) const fn handle_space(self) -> Space {
        match self {
            Self::Person => Space::Person,
            Self::Organization => Space::Organization,
        }
    }
}

/// Why a text names nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nobody {
    /// It is a name for people, or nothing.
    NoName,
    /// It means something only to whoever sees it, or only inside one workspace.
    Scoped,
}

type Reading = Result<Name, Nobody>;

/// Reads what a vendor tells as the platform's own id. It may hold a handle or an address instead.
pub(super) fn of_id(platform: &Platform, text: &str) -> Reading {
    let text = text.trim();
    // A number may be written with blanks.
    let is_phone = matches!(platform, Platform::WhatsApp | Platform::Mobile);
    if let Some(number) = phone(text, false).filter(|_| is_phone) {
        return named(Space::Handle, number);
    }
    if !is_word(text) {
        return Err(Nobody::NoName);
    }
    let id = |space| named(space, text);
    match platform {
        Platform::Bluesky => match text.strip_prefix("at://").unwrap_or(text) {
            did if did.starts_with("did:") => named(Space::Id, did),
            handle => of_handle(platform, handle),
        },
        Platform::LinkedIn => linkedin_id(text),
        // Ids of the official interface and of the apps: one account has both, and they are never equal.
        Platform::Instagram if is_number(text) && text.len() == 17 && text.starts_with("17841") => id(Space::OtherId),
        // The number of the account is for all; any other id is made for one app.
        Platform::TikTok if !text.starts_with('@') && !is_number(text) => Err(Nobody::Scoped),
        // Beside that of the channel there is the one of whoever signs in to it.
        Platform::YouTube if !text.starts_with('@') && !text.contains("://") && !is_channel(text) => id(Space::OtherId),
        _ if is_mail(platform) && text.contains('@') => of_handle(platform, text),
        _ if text.starts_with('@') => of_handle(platform, text),
        _ if text.contains("://") => of_page(platform, text),
        _ => id(Space::Id),
    }
}

/// Reads a handle. It may be an address, and on some platforms an id.
pub(super) fn of_handle(platform: &Platform, text: &str) -> Reading {
    let text = text.trim();
    if text.contains("://") || text.starts_with("www.") {
        return of_page(platform, text);
    }
    if matches!(platform, Platform::WhatsApp | Platform::Mobile) {
        // A number may be written with blanks.
        return phone(text, true).map_or(Err(Nobody::NoName), |number| named(Space::Handle, number));
    }
    let bare = text.strip_prefix('@').unwrap_or(text).trim_end_matches('/');
    if !is_word(bare) {
        return Err(Nobody::NoName);
    }
    let handle = |text: &str| named(Space::Handle, folded(text));
    match platform {
        Platform::Bluesky => bluesky_handle(bare),
        // Full stops make no difference there.
        Platform::Facebook | Platform::Messenger if bare.bytes().all(|byte| byte.is_ascii_digit()) => {
            named(Space::Id, bare)
        }
        Platform::Facebook | Platform::Messenger => handle(&bare.replace('.', "")),
        Platform::Instagram
        | Platform::Pinterest
        | Platform::Telegram
        | Platform::Threads
        | Platform::TikTok
        | Platform::Twitter => handle(bare),
        Platform::LinkedIn => linkedin_handle(bare),
        Platform::YouTube if is_channel(bare) => named(Space::Id, bare),
        Platform::YouTube => handle(&decoded(bare)),
        // The names of businesses, not their handles.
        Platform::GoogleBusiness => Err(Nobody::NoName),
        // Everybody's name is taken in some other workspace, too.
        Platform::Slack => Err(Nobody::Scoped),
        _ if is_mail(platform) => address(platform, bare),
        // Whether case matters there is not known: then it does.
        _ => named(Space::Handle, bare),
    }
}

/// Reads the address of an account's page. Where its form tells the id or the handle, that is what is read.
pub(super) fn of_page(platform: &Platform, text: &str) -> Reading {
    let text = text.trim();
    if let (Platform::Bluesky, Some(name)) = (platform, text.strip_prefix("at://")) {
        return of_id(platform, name.split('/').next().unwrap_or_default());
    }
    if let (Platform::Telegram, Some(name)) = (platform, text.strip_prefix("tg://resolve?domain=")) {
        return of_handle(platform, name.split('&').next().unwrap_or_default());
    }
    let Some(page) = Page::read(text) else { return Err(Nobody::NoName) };
    let known = match platform {
        Platform::Bluesky if page.host == "bsky.app" => Some(bluesky_page(&page)),
        Platform::Facebook | Platform::Messenger => facebook_page(platform, &page),
        Platform::Instagram if page.host == "instagram.com" => match page.step(0) {
            "stories" => Some(of_handle(platform, page.step(1))),
            "p" | "reel" | "reels" | "tv" | "explore" | "accounts" | "share" | "direct" => Some(Err(Nobody::NoName)),
            _ => Some(first_step(platform, &page)),
        },
        Platform::LinkedIn if page.host == "linkedin.com" || page.host.ends_with(".linkedin.com") => {
            Some(linkedin_page(&page))
        }
        Platform::Pinterest if page.host.split('.').any(|part| part == "pinterest") => match page.step(0) {
            "pin" | "search" | "ideas" | "today" => Some(Err(Nobody::NoName)),
            _ => Some(first_step(platform, &page)),
        },
        Platform::Telegram => telegram_page(&page),
        Platform::Threads if matches!(page.host.as_str(), "threads.net" | "threads.com") => {
            Some(at_step(platform, &page))
        }
        Platform::TikTok if page.host == "tiktok.com" => Some(at_step(platform, &page)),
        Platform::Twitter if matches!(page.host.as_str(), "twitter.com" | "x.com") => Some(twitter_page(&page)),
        Platform::WhatsApp if page.host == "wa.me" => {
            Some(phone(page.step(0), true).map_or(Err(Nobody::NoName), |number| named(Space::Handle, number)))
        }
        Platform::WhatsApp if page.host == "api.whatsapp.com" => {
            let number = page.parameter("phone").and_then(|number| phone(&decoded(number), true));
            Some(number.map_or(Err(Nobody::NoName), |number| named(Space::Handle, number)))
        }
        Platform::YouTube if page.host == "youtube.com" || page.host == "youtube-nocookie.com" => {
            Some(youtube_page(&page))
        }
        _ => None,
    };
    known.unwrap_or_else(|| page.spelling().map_or(Err(Nobody::NoName), |spelling| named(Space::Address, spelling)))
}

/// The account that an address names by its first step, such as `instagram.com/kestrel`.
fn first_step(platform: &Platform, page: &Page<'_>) -> Reading {
    of_step(platform, page.step(0))
}

/// The same where handles are written with an `@`: what has none is some other page.
fn at_step(platform: &Platform, page: &Page<'_>) -> Reading {
    let step = page.step(0);
    if step.starts_with('@') { of_step(platform, step) } else { Err(Nobody::NoName) }
}

/// A step of an address is a handle, never an address of its own.
fn of_step(platform: &Platform, step: &str) -> Reading {
    if step.contains('/') { Err(Nobody::NoName) } else { of_handle(platform, step) }
}

fn bluesky_page(page: &Page<'_>) -> Reading {
    if page.step(0) == "profile" { of_id(&Platform::Bluesky, page.step(1)) } else { Err(Nobody::NoName) }
}

/// A handle is a domain name; one without a dot is short for one of the network's own.
fn bluesky_handle(handle: &str) -> Reading {
    if handle.starts_with("did:") {
        return named(Space::Id, handle);
    }
    let handle = folded(handle.trim_end_matches('.'));
    named(Space::Handle, if handle.contains('.') { handle } else { format!("{handle}.bsky.social") })
}

fn facebook_page(platform: &Platform, page: &Page<'_>) -> Option<Reading> {
    let is_facebook = matches!(page.host.as_str(), "facebook.com" | "fb.com" | "fb.me" | "m.me" | "messenger.com")
        || page.host.ends_with(".facebook.com");
    if !is_facebook {
        return None;
    }
    let last = || page.steps.last().map_or("", |step| step);
    Some(match page.step(0) {
        "profile.php" => page.parameter("id").map_or(Err(Nobody::NoName), |id| of_step(platform, id)),
        // `/pages/Name/ID` and `/people/Name/ID`.
        "pages" | "people" if is_number(last()) => named(Space::Id, last()),
        "pg" | "t" => of_step(platform, page.step(1)),
        "pages" | "people" | "groups" | "share" | "watch" | "events" | "sharer" | "story.php" | "permalink.php"
        | "photo" | "home.php" | "login" => Err(Nobody::NoName),
        // `/Name-ID`: handles have no hyphens there.
        step => match step.rsplit_once('-') {
            Some((_, id)) if is_number(id) => named(Space::Id, id),
            _ => of_step(platform, step),
        },
    })
}

fn linkedin_page(page: &Page<'_>) -> Reading {
    match page.step(0) {
        "in" => linkedin_name(Holder::Person, page.step(1)),
        "company" | "school" | "showcase" => linkedin_name(Holder::Organization, page.step(1)),
        _ => Err(Nobody::NoName),
    }
}

/// A public identifier as it is told without an address: often bare, and then it may be a member's or an
/// organization's.
fn linkedin_handle(text: &str) -> Reading {
    if text.starts_with("urn:") {
        return linkedin_id(text);
    }
    match text.split_once('/') {
        Some(("in", name)) => linkedin_name(Holder::Person, name),
        Some(("company" | "school" | "showcase", name)) => linkedin_name(Holder::Organization, name),
        Some(_) => of_page(&Platform::LinkedIn, text),
        None if is_scoped_member(text) => Err(Nobody::Scoped),
        None => named(Space::Handle, folded(&decoded(text))),
    }
}

fn linkedin_name(holder: Holder, name: &str) -> Reading {
    let name = name.trim_end_matches('/');
    if !is_word(name) {
        return Err(Nobody::NoName);
    }
    match holder {
        Holder::Person if is_scoped_member(name) => Err(Nobody::Scoped),
        Holder::Organization if is_number(name) => named(Space::OrganizationId, name),
        _ => named(holder.handle_space(), folded(&decoded(name))),
    }
}

/// Members' ids in URNs are made for one application or one viewer; organizations' are the same for all.
fn linkedin_id(text: &str) -> Reading {
    let Some(urn) = text.strip_prefix("urn:li:") else {
        return match text {
            _ if is_scoped_member(text) => Err(Nobody::Scoped),
            _ if is_number(text) => named(Space::Id, text),
            _ => linkedin_handle(text.strip_prefix('@').unwrap_or(text)),
        };
    };
    match urn.split_once(':') {
        Some(("organization" | "company" | "fsd_company" | "fs_company" | "organizationBrand" | "school", id))
            if is_number(id) =>
        {
            named(Space::OrganizationId, id)
        }
        Some(("member", id)) if is_number(id) => named(Space::PersonId, id),
        _ => Err(Nobody::Scoped),
    }
}

/// The form of the ids that LinkedIn's own pages use for members: another one for every viewer.
fn is_scoped_member(text: &str) -> bool {
    text.starts_with("ACoAA") || text.starts_with("ACwAA") || text.starts_with("AEMAA")
}

fn telegram_page(page: &Page<'_>) -> Option<Reading> {
    if let Some(name) = page.host.strip_suffix(".t.me") {
        return Some(of_step(&Platform::Telegram, name));
    }
    if !matches!(page.host.as_str(), "t.me" | "telegram.me" | "telegram.dog") {
        return None;
    }
    Some(match page.step(0) {
        "s" => of_step(&Platform::Telegram, page.step(1)),
        "joinchat" | "c" | "addstickers" | "share" | "proxy" => Err(Nobody::NoName),
        step if step.starts_with('+') => Err(Nobody::NoName),
        step => of_step(&Platform::Telegram, step),
    })
}

fn twitter_page(page: &Page<'_>) -> Reading {
    let platform = &Platform::Twitter;
    match page.step(0) {
        "i" if page.step(1) == "user" && is_number(page.step(2)) => named(Space::Id, page.step(2)),
        "intent" if page.step(1) == "user" => match (page.parameter("user_id"), page.parameter("screen_name")) {
            (Some(id), _) if is_number(id) => named(Space::Id, id),
            (_, Some(name)) => of_step(platform, name),
            _ => Err(Nobody::NoName),
        },
        "i" | "intent" | "home" | "share" | "search" | "hashtag" | "explore" | "settings" => Err(Nobody::NoName),
        step => of_step(platform, step),
    }
}

fn youtube_page(page: &Page<'_>) -> Reading {
    let name = page.step(1);
    match page.step(0) {
        "channel" if is_channel(name) => named(Space::Id, name),
        "c" if is_word(name) => named(Space::CustomAddress, folded(name)),
        "user" if is_word(name) => named(Space::LegacyUser, folded(name)),
        step if step.starts_with('@') => of_step(&Platform::YouTube, step),
        // A video, a list, a search; or `/name`, of which nobody can say what sort of name it is.
        _ => Err(Nobody::NoName),
    }
}

/// `UC` and 22 characters, in which case matters.
fn is_channel(text: &str) -> bool {
    text.len() == 24
        && text.starts_with("UC")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The digits of an international number. Digits alone are taken for one only where nothing else can be meant:
/// as an id they may be the platform's own.
fn phone(text: &str, is_number_only: bool) -> Option<String> {
    let account = ["@s.whatsapp.net", "@c.us"].into_iter().find_map(|end| text.strip_suffix(end));
    let (text, is_international) = match (account, text.strip_prefix('+'), text.strip_prefix("00")) {
        (Some(account), _, _) => (account, true),
        (_, Some(rest), _) | (_, None, Some(rest)) => (rest, true),
        _ => (text, is_number_only),
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let is_written_so = text.chars().all(|one| one.is_ascii_digit() || matches!(one, ' ' | '-' | '.' | '(' | ')'));
    // A number that starts with 0 is a national one: without its country it is somebody's in each.
    (is_international && is_written_so && (7..=15).contains(&digits.len()) && !digits.starts_with('0'))
        .then_some(digits)
}

/// Whether accounts are mail addresses there.
fn is_mail(platform: &Platform) -> bool {
    use Platform::{Exchange, Google, GoogleCalendar, ICloud, Mail, Outlook};
    matches!(platform, Google | GoogleCalendar | Outlook | Exchange | ICloud | Mail)
}

fn address(platform: &Platform, text: &str) -> Reading {
    let Some((local, domain)) = text.rsplit_once('@').filter(|(local, domain)| !local.is_empty() && !domain.is_empty())
    else {
        // A user name of some server: another server has one of that name, too.
        return Err(Nobody::Scoped);
    };
    let domain = domain.to_ascii_lowercase();
    let text = match (platform, domain.as_str()) {
        // Full stops make no difference there, and it has two domains.
        (Platform::Google | Platform::GoogleCalendar, "gmail.com" | "googlemail.com") => {
            format!("{}@gmail.com", folded(local).replace('.', ""))
        }
        // A server of its own may tell case apart.
        (Platform::Mail, _) => format!("{local}@{domain}"),
        _ => format!("{}@{domain}", folded(local)),
    };
    named(Space::Handle, text)
}

fn named(space: Space, text: impl Into<String>) -> Reading {
    let text = text.into();
    if text.is_empty() { Err(Nobody::NoName) } else { Ok(Name { space, text }) }
}

/// Whether it can be a name at all: those have no blanks.
fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|one: char| one.is_whitespace() || one.is_control())
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// In lower case, but only characters whose case is a matter of two letters and nothing else: the Kelvin sign
/// would become a plain `k`, and so somebody else's name.
fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(lower).collect()
}

fn lower(one: char) -> char {
    let mut lowered = one.to_lowercase();
    match (lowered.next(), lowered.next()) {
        (Some(only), None) if only.to_uppercase().eq([one]) => only,
        _ => one,
    }
}
