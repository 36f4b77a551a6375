//! Answers that were made already, by snapshot and question.

use std::{sync::Arc, time::Duration};

use jiff::civil::Date;
use moka::sync::Cache;
use tokio::sync::OnceCell;

use crate::domain::Revision;

/// The bytes of an answer, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The bytes, compressed where [`AnswerKey::gzip`] asks for it and `gzip` says so.
    pub body: Vec<u8>,
    /// Whether `body` is compressed.
    pub gzip: bool,
    /// Media type.
    pub media: &'static str,
    /// Strong entity tag with its quotation marks: other bytes, other tag.
    pub etag: String,
    /// Header fields that belong to it, such as `Link`.
    pub headers: Vec<(&'static str, String)>,
}

/// A question that always has the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AnswerKey {
    /// The snapshot.
    pub revision: Revision,
    /// The day on which it is asked.
    pub today: Date,
    /// Route, parameters and format.
    pub question: String,
    /// Whether the asker takes gzip.
    pub gzip: bool,
}

/// Answers kept up to a number of bytes. Of several who ask the same thing at the same time one
/// computes and the others wait.
#[derive(Clone, Debug)]
pub struct AnswerCache {
    answers: Cache<AnswerKey, Arc<Answer>>,
    /// Questions being answered now. Entries leave with their answer; those whose asker went away
    /// leave by time.
    under_way: Cache<AnswerKey, Arc<OnceCell<Arc<Answer>>>>,
    /// How many features answer a question, for all pages of it.
    counts: Cache<(Revision, String), usize>,
}

/// What an entry costs beside its bytes.
const OVERHEAD: usize = 512;

impl AnswerCache {
    /// Keeps answers of up to `bytes` in all.
    pub fn new(bytes: u64) -> Self {
        let weigh = |key: &AnswerKey, answer: &Arc<Answer>| {
            let size = answer.body.len() + key.question.len() + OVERHEAD;
            u32::try_from(size).unwrap_or(u32::MAX)
        };
        Self {
            answers: Cache::builder().max_capacity(bytes).weigher(weigh).build(),
            under_way: Cache::builder()
                .max_capacity(10_000)
                .time_to_idle(Duration::from_secs(300))
                .build(),
            counts: Cache::new(10_000),
        }
    }

    /// How many features answer `question`, counted once for all of its pages.
    ///
    /// # Errors
    ///
    /// That of `count`; errors are not kept.
    pub fn count<E>(
        &self,
        revision: Revision,
        question: String,
        count: impl FnOnce() -> Result<usize, E>,
    ) -> Result<usize, E> {
        let key = (revision, question);
        if let Some(known) = self.counts.get(&key) {
            return Ok(known);
        }
        let counted = count()?;
        self.counts.insert(key, counted);
        Ok(counted)
    }

    /// The answer to `key`, kept or made.
    ///
    /// # Errors
    ///
    /// That of `make`; errors are not kept.
    pub async fn get_or_make<E>(
        &self,
        key: AnswerKey,
        make: impl AsyncFnOnce() -> Result<Answer, E>,
    ) -> Result<Arc<Answer>, E> {
        if let Some(answer) = self.answers.get(&key) {
            return Ok(answer);
        }
        let place = self.under_way.get_with_by_ref(&key, || Arc::new(OnceCell::new()));
        let made = place.get_or_try_init(async || make().await.map(Arc::new)).await;
        if let Ok(answer) = made {
            self.answers.insert(key.clone(), Arc::clone(answer));
        }
        self.under_way.invalidate(&key);
        made.cloned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use jiff::civil::date;

    use super::*;

    fn key(question: &str) -> AnswerKey {
        AnswerKey {
            revision: Revision(1),
            today: date(2026, 1, 1),
            question: question.to_owned(),
            gzip: false,
        }
    }

    fn answer(body: &str) -> Answer {
        Answer {
            body: body.into(),
            gzip: false,
            media: "text/plain",
            etag: "\"1\"".into(),
            headers: Vec::new(),
        }
    }

    #[tokio::test]
    async fn askers_of_the_same_share_one_making() {
        let cache = AnswerCache::new(1 << 20);
        let made = AtomicUsize::new(0);
        let ask = || {
            cache.get_or_make(key("a"), async || {
                made.fetch_add(1, Ordering::SeqCst);
                tokio::task::yield_now().await;
                Ok::<_, ()>(answer("a"))
            })
        };
        let (one, two, three) = tokio::join!(ask(), ask(), ask());
        assert_eq!((&one, &two), (&two, &three));
        assert_eq!(ask().await, one);
        assert_eq!(made.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn errors_are_not_kept() {
        let cache = AnswerCache::new(1 << 20);
        assert_eq!(cache.get_or_make(key("a"), async || Err("broken")).await, Err("broken"));
        let second = cache.get_or_make(key("a"), async || Ok::<_, ()>(answer("a"))).await;
        assert_eq!(second.unwrap().body, b"a");
    }

    #[tokio::test]
    async fn what_is_too_heavy_is_answered_and_not_kept() {
        let cache = AnswerCache::new(600);
        let big = "x".repeat(10_000);
        for _ in 0..2 {
            let got = cache.get_or_make(key("a"), async || Ok::<_, ()>(answer(&big))).await;
            assert_eq!(got.unwrap().body.len(), 10_000);
        }
        cache.answers.run_pending_tasks();
        assert_eq!(cache.answers.entry_count(), 0);
    }
}
