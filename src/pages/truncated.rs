use crate::types::SearchPhysicalKeysResponse;

/// How many keys a response has at most.
const MOST_KEYS: usize = 100;

impl SearchPhysicalKeysResponse {
    /// Whether more keys match than the list holds. The service returns 100 at most and has no next page: narrow the filters then.
    ///
    /// ```no_run
    /// # async fn example(spkey: &spkey::Client, user: spkey::UserId) -> Result<(), spkey::Error> {
    /// let found = spkey.search_physical_keys(user).q("garage").send().await?;
    /// if found.is_truncated() {
    ///     println!("the first {} of {:?} keys", found.keys.len(), found.total);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        // A full list without a total may be all there is, or not.
        self.total
            .map_or(self.keys.len() >= MOST_KEYS, |total| i64::try_from(self.keys.len()).is_ok_and(|keys| keys < total))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::PhysicalKey;
    use crate::value::reader;

    #[test]
    fn list_is_truncated_if_it_is_shorter_than_its_total_or_full_without_a_total() {
        let (key, _) = reader::from_slice::<PhysicalKey>(br#"{"number": 1, "orgId": "acme", "addedAt": 1}"#).unwrap();
        for (keys, total, truncated) in [
            (0, Some(0), false),
            (2, Some(2), false),
            (100, Some(100), false),
            (100, Some(101), true),
            (99, None, false),
            (100, None, true),
        ] {
            let found = SearchPhysicalKeysResponse { keys: vec![key.clone(); keys], total };
            assert_eq!(found.is_truncated(), truncated, "{keys} of {total:?}");
        }
    }
}
