//! Reads HTML strictly: what a browser would mend is a mistake here.

use std::collections::BTreeMap;

use html5gum::{Token, Tokenizer};

/// A page, taken apart.
pub(crate) struct Html {
    pub(crate) elements: Vec<Element>,
}

/// One element, in the order of the page.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    /// All text inside, that of elements inside included.
    pub(crate) text: String,
    parent: Option<usize>,
}

impl Html {
    /// Panics where the page is not well-formed: every element that is opened has to be closed in its turn.
    pub(crate) fn parse(page: &str) -> Self {
        let mut elements: Vec<Element> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for token in Tokenizer::new(page) {
            match token.expect("a text can be read") {
                Token::StartTag(tag) => {
                    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("the page is UTF-8");
                    let attributes = tag.attributes.iter().map(|(name, value)| (text(name), text(value)));
                    let name = text(&tag.name);
                    let is_closed = tag.self_closing || ["meta", "br", "img", "link", "input"].contains(&&*name);
                    elements.push(Element {
                        name,
                        attributes: attributes.collect(),
                        text: String::new(),
                        parent: open.last().copied(),
                    });
                    if !is_closed {
                        open.push(elements.len() - 1);
                    }
                }
                Token::EndTag(tag) => {
                    let last = open.pop().expect("something is open");
                    assert_eq!(elements[last].name.as_bytes(), &tag.name[..], "closed in its turn");
                }
                Token::String(text) => {
                    let text = String::from_utf8(text.to_vec()).expect("the page is UTF-8");
                    for place in &open {
                        elements[*place].text += &text;
                    }
                }
                Token::Doctype(doctype) => assert_eq!(&doctype.name[..], b"html"),
                Token::Comment(comment) => panic!("a comment: {comment:?}"),
                Token::Error(problem) => panic!("a browser would have to mend this: {problem:?}"),
            }
        }
        assert!(open.is_empty(), "everything is closed");
        Self { elements }
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Element> {
        self.elements.iter().find(|element| element.attribute("id") == Some(id))
    }

    /// The elements of that name inside `outer`.
    pub(crate) fn inside<'a>(&'a self, outer: &'a Element, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.all(name).filter(move |element| self.around(element).any(|around| std::ptr::eq(around, outer)))
    }

    /// The elements around `element`, the nearest first.
    pub(crate) fn around<'a>(&'a self, element: &'a Element) -> impl Iterator<Item = &'a Element> {
        std::iter::successors(element.parent, |place| self.elements[*place].parent).map(|place| &self.elements[place])
    }

    /// What a reader is told that `element` is: its own label, or the element that has it.
    pub(crate) fn label<'a>(&'a self, element: &'a Element) -> Option<&'a str> {
        let labelled_by = element.attribute("aria-labelledby").and_then(|ids| ids.split(' ').next());
        labelled_by.map_or(element.attribute("aria-label"), |id| self.by_id(id).map(|label| label.text.as_str()))
    }
}

impl Element {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}
