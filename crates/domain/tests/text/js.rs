//! Reading literals out of TypeScript test files: strings, numbers, arrays and plain objects.

use std::iter::Peekable;
use std::str::Chars;

use serde_json::{Map, Value};

/// The literal behind the first `= ` after `declaration`, and the source behind it.
pub fn literal_after<'a>(source: &'a str, declaration: &str) -> (Value, &'a str) {
    let (_, rest) = source.split_once(declaration).unwrap_or_else(|| panic!("no {declaration} in the file"));
    let (_, rest) = rest.split_once("= ").expect("a value");
    let mut reader = Reader { chars: rest.chars().peekable() };
    let value = reader.value();
    let left: String = reader.chars.collect();
    (value, rest.get(rest.len() - left.len()..).expect("a boundary"))
}

/// The literal at the beginning of `source`.
pub fn literal(source: &str) -> Value {
    Reader { chars: source.chars().peekable() }.value()
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
}

impl Reader<'_> {
    /// Passes over white space and comments and shows what follows.
    fn peek(&mut self) -> char {
        loop {
            match self.chars.peek().copied() {
                Some(c) if c.is_whitespace() => {
                    self.chars.next();
                }
                Some('/') => while self.chars.next().is_some_and(|c| c != '\n') {},
                Some(c) => return c,
                None => panic!("the literal does not end"),
            }
        }
    }

    fn expect(&mut self, wanted: char) {
        assert_eq!(self.peek(), wanted);
        self.chars.next();
    }

    /// Whether another item follows before `end`, which is passed over.
    fn more(&mut self, end: char) -> bool {
        if self.peek() == ',' {
            self.chars.next();
        }
        let more = self.peek() != end;
        if !more {
            self.chars.next();
        }
        more
    }

    fn value(&mut self) -> Value {
        match self.peek() {
            '[' => {
                self.expect('[');
                let mut items = Vec::new();
                while self.more(']') {
                    items.push(self.value());
                }
                Value::Array(items)
            }
            '{' => {
                self.expect('{');
                let mut fields = Map::new();
                while self.more('}') {
                    let name = self.word();
                    self.expect(':');
                    fields.insert(name, self.value());
                }
                Value::Object(fields)
            }
            quote @ ('\'' | '"') => {
                self.expect(quote);
                Value::String(self.string(quote))
            }
            c if c.is_ascii_digit() => Value::Number(self.word().parse::<u64>().expect("a number").into()),
            c => panic!("no literal begins with {c:?}"),
        }
    }

    fn word(&mut self) -> String {
        self.peek();
        let mut word = String::new();
        while let Some(c) = self.chars.next_if(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '$') {
            word.push(c);
        }
        word
    }

    fn string(&mut self, quote: char) -> String {
        let mut units: Vec<u16> = Vec::new();
        loop {
            let c = self.chars.next().expect("the string ends");
            let c = match c {
                c if c == quote => return String::from_utf16(&units).expect("a sound string"),
                '\\' => match self.chars.next().expect("an escape") {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'u' => {
                        let digits: String = self.chars.by_ref().take(4).collect();
                        units.push(u16::from_str_radix(&digits, 16).expect("four hexadecimal digits"));
                        continue;
                    }
                    c => c,
                },
                c => c,
            };
            units.extend(c.encode_utf16(&mut [0; 2]).iter());
        }
    }
}

#[test]
fn literals_are_read() {
    let (value, rest) =
        literal_after("x const a: [\n string][] = [\n // no\n ['a\\n\\u00e9', {b: 12,}], '\\'🦋' ,\n] rest", "const a");
    assert_eq!(value, serde_json::json!([["a\né", { "b": 12 }], "'🦋"]));
    assert_eq!(rest, " rest");
}
