//! JSON of which there is one form only: RFC 8785, for the values that a report holds.
//!
//! Keys are sorted, nothing stands between the tokens, and numbers are whole. The sorting is done here, not left to
//! `serde_json`: another package may switch its maps to the order of insertion for the whole build.
//! Not here: fractions (a report has none) and keys beyond ASCII, whose order RFC 8785 counts in UTF-16.

use serde_json::Value;

/// The bytes of a value.
pub(super) fn bytes(value: &Value) -> Vec<u8> {
    let mut text = String::new();
    write(value, &mut text);
    text.into_bytes()
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Array(list) => {
            text.push('[');
            for (at, one) in list.iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                write(one, text);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            text.push('{');
            for (at, (name, one)) in fields.into_iter().enumerate() {
                if at > 0 {
                    text.push(',');
                }
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(one, text);
            }
            text.push('}');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn keys_are_sorted_at_every_depth_and_text_is_escaped_as_the_standard_says() {
        let value = json!({"b": [1, -2, {"z": null, "a": true}], "a": "\u{7}\n\"\\ệ\u{2028}/"});
        let text = String::from_utf8(super::bytes(&value)).unwrap();
        assert_eq!(text, "{\"a\":\"\\u0007\\n\\\"\\\\ệ\u{2028}/\",\"b\":[1,-2,{\"a\":true,\"z\":null}]}");
    }
}
