//! What stands in the form of a snippet, what is found, and how a snippet comes into a text.

use domain::id::{PersonaId, SnippetId};
use domain::people::Persona;
use domain::post::{Content, Draft, Part};
use domain::snippet::{Snippet, SnippetKind, SnippetText, hashtags, signed};

/// A line that begins the next part of a thread, in the one field of a template.
const NEXT_PART: &str = "---";

/// A snippet as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Form {
    /// `None`: a new one.
    pub snippet: Option<SnippetId>,
    pub kind: SnippetKind,
    pub name: String,
    /// All parts, with [`NEXT_PART`] between them.
    pub text: String,
    pub persona: Option<PersonaId>,
}

/// Why it cannot be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NoName,
    LongName,
    NoText,
    LongText,
    ManyParts,
}

impl Form {
    pub fn of(snippet: &Snippet) -> Self {
        let SnippetText { kind, name, parts, persona } = snippet.text.clone();
        Self { snippet: Some(snippet.id), kind, name, text: joined(&parts), persona }
    }

    /// A new template that says what a post says, without the signature below it.
    pub fn of_post(draft: &Draft, content: &Content, signature: Option<&str>) -> Self {
        let mut parts: Vec<String> = content.parts.iter().map(|part| part.text.trim().to_owned()).collect();
        if let (Some(last), Some(signature)) = (parts.last_mut(), signature)
            && let Some(text) = last.strip_suffix(signature)
        {
            *last = text.trim_end().to_owned();
        }
        parts.retain(|part| !part.is_empty());
        let name: String = draft.shown_title().chars().take(Persona::NAME_MAX).collect();
        Self { snippet: None, kind: SnippetKind::Template, name, text: joined(&parts), persona: draft.persona }
    }

    /// What is to be stored, or the first thing that stands in the way.
    pub fn text(&self) -> Result<SnippetText, Fault> {
        let name = self.name.trim().to_owned();
        if name.is_empty() {
            return Err(Fault::NoName);
        }
        if name.chars().nth(Persona::NAME_MAX).is_some() {
            return Err(Fault::LongName);
        }
        let parts = match self.kind {
            SnippetKind::Hashtags => vec![hashtags(&self.text)],
            SnippetKind::Signature => vec![self.text.trim().to_owned()],
            SnippetKind::Template => divided(&self.text),
        };
        if parts.is_empty() || parts.iter().all(String::is_empty) {
            return Err(Fault::NoText);
        }
        if parts.iter().any(|part| part.chars().nth(Content::TEXT_MAX).is_some()) {
            return Err(Fault::LongText);
        }
        if parts.len() > Content::PARTS_MAX {
            return Err(Fault::ManyParts);
        }
        Ok(SnippetText { kind: self.kind, name, parts, persona: self.persona })
    }
}

fn joined(parts: &[String]) -> String {
    parts.join(&format!("\n{NEXT_PART}\n"))
}

fn divided(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for line in text.lines() {
        match parts.last_mut() {
            Some(part) if line.trim() != NEXT_PART => {
                part.push_str(line);
                part.push('\n');
            }
            _ => parts.push(String::new()),
        }
    }
    parts.into_iter().map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect()
}

/// Those of a kind, of a persona first, then everybody's, then those of others; each by name.
pub fn ordered(all: &[Snippet], kind: SnippetKind, persona: Option<PersonaId>) -> Vec<&Snippet> {
    let mut found: Vec<&Snippet> = all.iter().filter(|snippet| snippet.text.kind == kind).collect();
    found.sort_by_cached_key(|snippet| {
        let place = match snippet.text.persona {
            Some(own) if Some(own) == persona => 0,
            None => 1,
            Some(_) => 2,
        };
        (place, snippet.text.name.to_lowercase())
    });
    found
}

/// Whether a snippet has every word of a filter in its name or text.
pub fn passes(snippet: &SnippetText, filter: &str) -> bool {
    let text = format!("{} {}", snippet.name, snippet.parts.join(" ")).to_lowercase();
    filter.split_whitespace().all(|word| text.contains(&word.to_lowercase()))
}

/// What is written at the caret, with the space that words need around them.
pub fn spaced(before: &str, text: &str, after: &str) -> String {
    let touches = |letter: Option<char>| letter.is_some_and(|letter| !letter.is_whitespace());
    let left = if touches(before.chars().next_back()) { " " } else { "" };
    let right = if touches(after.chars().next()) { " " } else { "" };
    format!("{left}{text}{right}")
}

/// The texts that take the place of a part's text when a template is written at the caret in it.
pub fn poured(before: &str, parts: &[String], after: &str) -> Vec<String> {
    let mut texts = parts.to_vec();
    if let Some(first) = texts.first_mut() {
        *first = format!("{before}{first}");
    }
    if let Some(last) = texts.last_mut() {
        last.push_str(after);
    }
    texts
}

/// Another persona speaks: its signature takes the place of the one before, and comes below a text that is still empty.
pub fn resign(draft: &mut Draft, old: Option<&str>, new: Option<&str>) {
    let blank = draft.base.is_blank();
    let contents =
        std::iter::once(&mut draft.base).chain(draft.targets.iter_mut().filter_map(|target| target.variant.as_mut()));
    for (number, content) in contents.enumerate() {
        let Some(last) = content.parts.last_mut() else { continue };
        let body = old.and_then(|old| last.text.trim_end().strip_suffix(old)).map(|body| body.trim_end().to_owned());
        match (body, new) {
            (Some(body), Some(new)) => last.text = signed(&body, new),
            (Some(body), None) => last.text = body,
            (None, Some(new)) if number == 0 && blank => last.text = signed("", new),
            (None, _) => {}
        }
    }
}

/// What a new post of a persona begins with.
pub fn signed_base(signature: Option<&str>) -> Content {
    let text = signature.map(|signature| signed("", signature)).unwrap_or_default();
    Content { parts: vec![Part { text, ..Part::default() }], ..Content::default() }
}

#[cfg(test)]
mod tests {
    use domain::id::AccountId;
    use domain::post::Target;
    use uuid::Uuid;

    use super::*;

    fn form(kind: SnippetKind, text: &str) -> Form {
        Form { kind, name: " Bread ".into(), text: text.into(), ..Form::default() }
    }

    #[test]
    fn dashes_divide_a_template_into_parts_and_back() {
        let text = form(SnippetKind::Template, "One\n\nmore\n---\nTwo\n---\n\n---\n").text().unwrap();
        assert_eq!((text.name.as_str(), text.parts.as_slice()), ("Bread", &["One\n\nmore".into(), "Two".into()][..]));
        assert_eq!(joined(&text.parts), "One\n\nmore\n---\nTwo");
        let signature = form(SnippetKind::Signature, "---\nThe bakers").text().unwrap();
        assert_eq!(signature.parts, ["---\nThe bakers"], "a signature may begin with dashes");
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(form(SnippetKind::Hashtags, " # ").text(), Err(Fault::NoText));
        assert_eq!(form(SnippetKind::Template, "---\n---").text(), Err(Fault::NoText));
        assert_eq!(form(SnippetKind::Template, &"a\n---\n".repeat(26)).text(), Err(Fault::ManyParts));
        assert_eq!(Form { name: String::new(), ..form(SnippetKind::Hashtags, "a") }.text(), Err(Fault::NoName));
        assert_eq!(Form { name: "n".repeat(81), ..form(SnippetKind::Hashtags, "a") }.text(), Err(Fault::LongName));
    }

    #[test]
    fn tags_keep_their_distance_from_words() {
        assert_eq!(spaced("Rye", "#bread", ""), " #bread");
        assert_eq!(spaced("", "#bread", "now"), "#bread ");
        assert_eq!(spaced("Rye ", "#bread", "\nnow"), "#bread");
    }

    #[test]
    fn a_template_of_a_thread_is_written_around_the_caret() {
        assert_eq!(poured("Rye: ", &["one".into(), "two".into()], " end"), ["Rye: one", "two end"]);
        assert_eq!(poured("a", &["b".into()], "c"), ["abc"]);
    }

    #[test]
    fn the_signature_follows_the_persona() {
        let target = |text: &str| Target {
            account: AccountId::new(Uuid::from_u128(1)),
            variant: Some(Content::text(text.to_owned())),
        };
        let mut draft = Draft { targets: vec![target("own\n\n— A")], ..Draft::default() };
        resign(&mut draft, None, Some("— A"));
        assert_eq!(draft.base.parts[0].text, "\n\n— A");
        draft.base.parts[0].text = "Rye\n\n— A\n".into();
        resign(&mut draft, Some("— A"), Some("— B"));
        assert_eq!(draft.base.parts[0].text, "Rye\n\n— B");
        assert_eq!(draft.targets[0].variant.as_ref().unwrap().parts[0].text, "own\n\n— B");
        resign(&mut draft, Some("— B"), None);
        assert_eq!(draft.base.parts[0].text, "Rye");
        resign(&mut draft, None, Some("— C"));
        assert_eq!(draft.base.parts[0].text, "Rye", "a text that somebody wrote is signed by nobody else");
    }

    #[test]
    fn a_post_becomes_a_template_without_its_signature() {
        let part = |text: &str| Part { text: text.into(), ..Part::default() };
        let content = Content { parts: vec![part("One"), part(""), part("Two\n\n— A")], ..Content::default() };
        let draft = Draft { title: "Rye week".into(), base: content.clone(), ..Draft::default() };
        let form = Form::of_post(&draft, &content, Some("— A"));
        assert_eq!((form.name.as_str(), form.text.as_str()), ("Rye week", "One\n---\nTwo"));
    }
}
