//! The parameters of a request in the query, as they are sent.

use serde::Serialize;
use serde_json::Value;

/// Names and values, in the order of the document.
#[doc(hidden)]
#[derive(Debug, Default)]
pub struct Query(Vec<(&'static str, String)>);

impl Query {
    /// Adds a parameter: nothing, one value, or several.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: &impl Serialize) -> Self {
        self.add(name, serde_json::to_value(value).unwrap_or_default());
        self
    }

    fn add(&mut self, name: &'static str, value: Value) {
        match value {
            Value::Null => {}
            Value::Array(values) => values.into_iter().for_each(|value| self.add(name, value)),
            Value::String(text) => self.0.push((name, text)),
            other => self.0.push((name, other.to_string())),
        }
    }

    /// The parameters by name. Values of one name keep their order.
    pub(crate) fn sorted(mut self) -> Vec<(&'static str, String)> {
        self.0.sort_by_key(|(name, _)| *name);
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn parameters_are_what_the_query_has() {
        let time: chrono::DateTime<chrono::Utc> = "2026-03-02T09:00:00Z".parse().unwrap();
        let query = Query::default()
            .with("sort", &Some(vec!["b", "a"]))
            .with("archived", &Some(true))
            .with("limit", &None::<i32>)
            .with("after", &Some("x"))
            .with("since", &time);
        let expected = [
            ("after", "x"),
            ("archived", "true"),
            ("since", "2026-03-02T09:00:00Z"),
            ("sort", "b"),
            ("sort", "a"),
        ];
        assert_eq!(query.sorted(), expected.map(|(name, value)| (name, value.to_owned())));
    }
}
