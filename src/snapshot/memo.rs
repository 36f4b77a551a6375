//! Answers that are dear to make, kept as long as their snapshot lives.

use std::{
    any::{Any, TypeId},
    convert::Infallible,
    sync::Arc,
};

use moka::sync::Cache;
use rayon::ThreadPoolBuilder;

/// Memory for the answers of one memo, in KiB; the least used go first. Whoever asks for one cell
/// size or seed after another must not fill the machine. (A snapshot has two memos.)
const KEPT_KIB: u64 = 256 << 10;

/// What an answer weighs whose size nobody tells.
const UNTOLD: usize = 1 << 20;

#[derive(Clone)]
struct Kept {
    answer: Arc<dyn Any + Send + Sync>,
    kib: u32,
}

/// Answers by key, made once each however many threads ask, up to a quarter of a GiB, gone with the
/// snapshot or with what they are made of.
///
/// An answer is made on threads of its own. Were it made on the asking worker, that worker would
/// take up other requests' jobs while it waits for its parts, meet the same key there, and wait
/// for itself.
///
/// Do not ask from inside an answer's own parallel loop; ask before it.
pub struct Memo(Cache<(TypeId, String), Kept>);

impl Memo {
    pub(super) fn new() -> Self {
        let weigh = |_: &(TypeId, String), kept: &Kept| kept.kib;
        Self(Cache::builder().max_capacity(KEPT_KIB).weigher(weigh).build())
    }

    /// The answer to `key`, made by `make` if it is not there yet.
    ///
    /// `key` must name everything that the answer depends on besides the snapshot. Answers of
    /// different types never meet.
    ///
    /// # Panics
    ///
    /// Where `make` panics; whoever else waited for it makes it again.
    pub fn get_or_make<T: Any + Send + Sync>(
        &self,
        key: String,
        make: impl FnOnce() -> T + Send,
    ) -> Arc<T> {
        self.get_or_make_weighed(key, |_| UNTOLD, make)
    }

    /// As [`Self::get_or_make`], for answers that grow with the data: `bytes` tells how large one
    /// is, about.
    ///
    /// # Panics
    ///
    /// As [`Self::get_or_make`].
    pub fn get_or_make_weighed<T: Any + Send + Sync>(
        &self,
        key: String,
        bytes: impl FnOnce(&T) -> usize,
        make: impl FnOnce() -> T + Send,
    ) -> Arc<T> {
        let Ok(answer) = self.try_get_or_make(key, bytes, || Ok::<_, Infallible>(make()));
        answer
    }

    /// As [`Self::get_or_make_weighed`], for answers that may fail: a failure is not kept, and is
    /// given to everybody who waited for the same answer.
    ///
    /// # Errors
    ///
    /// What `make` answers.
    ///
    /// # Panics
    ///
    /// As [`Self::get_or_make`].
    #[expect(clippy::expect_used, reason = "the type is part of the key")]
    pub fn try_get_or_make<T, E>(
        &self,
        key: String,
        bytes: impl FnOnce(&T) -> usize,
        make: impl FnOnce() -> Result<T, E> + Send,
    ) -> Result<Arc<T>, E>
    where
        T: Any + Send + Sync,
        E: Clone + Send + Sync + 'static,
    {
        let key = (TypeId::of::<T>(), key);
        let kept = self.0.try_get_with(key, || {
            let answer = Arc::new(apart(make)?);
            let kib = u32::try_from(bytes(&answer) / 1024 + 1).unwrap_or(u32::MAX);
            Ok(Kept { answer, kib })
        });
        let kept = kept.map_err(|error: Arc<E>| E::clone(&error))?;
        Ok(kept.answer.downcast().expect("answers are kept by their type"))
    }
}

/// Runs `make` on a crew of its own while the caller waits without taking other work. Of its own:
/// `make` may ask for other answers and wait for them, and one crew for all, every hand of which
/// waits for an answer that stands in its queue, would wait for ever. A crew costs some 0.1 ms.
fn apart<T: Send>(make: impl FnOnce() -> T + Send) -> T {
    if rayon::current_thread_index().is_none() {
        return make();
    }
    let crew = ThreadPoolBuilder::new().thread_name(|n| format!("memo-{n}")).build();
    std::thread::scope(|scope| {
        let made = scope.spawn(move || match crew {
            Ok(crew) => crew.install(make),
            Err(_no_threads) => make(),
        });
        made.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use rayon::prelude::*;

    use super::*;

    #[test]
    fn an_answer_is_made_once_whoever_asks() {
        let (memo, made) = (Memo::new(), AtomicU32::new(0));
        let sums: Vec<u64> = (0..64)
            .into_par_iter()
            .map(|_| {
                *memo.get_or_make("sum".into(), || {
                    made.fetch_add(1, Ordering::Relaxed);
                    (0..100_000_u64).into_par_iter().sum::<u64>()
                })
            })
            .collect();
        assert_eq!(made.load(Ordering::Relaxed), 1);
        assert!(sums.iter().all(|sum| *sum == 4_999_950_000));
    }

    /// More askers than threads, each of whose answers asks for another one: nobody waits for a
    /// place that is taken by one who waits.
    #[test]
    fn answers_that_ask_for_answers_come_to_an_end() {
        let memo = Memo::new();
        let slow = || {
            std::thread::sleep(std::time::Duration::from_millis(30));
            (0..1000_u64).into_par_iter().sum::<u64>()
        };
        let ask = |asker: u64| {
            let outer = format!("outer {}", asker % 8);
            let inner = || *memo.get_or_make(format!("inner {}", asker % 2), slow);
            if asker.is_multiple_of(3) { inner() } else { *memo.get_or_make(outer, inner) }
        };
        let crew = ThreadPoolBuilder::new().num_threads(8).build().unwrap();
        let sums: Vec<u64> = crew.install(|| (0..64).into_par_iter().map(ask).collect());
        assert!(sums.iter().all(|sum| *sum == 499_500));
    }

    #[test]
    fn a_failure_is_not_kept() {
        let memo = Memo::new();
        let ask = |answer| memo.try_get_or_make("key".into(), |_| 8, || answer);
        assert_eq!(ask(Err("gone")), Err("gone"));
        assert_eq!(ask(Ok(5_u64)).map(|five| *five), Ok(5));
        assert_eq!(ask(Err("not asked any more")).map(|five| *five), Ok(5));
    }

    #[test]
    fn answers_of_two_types_under_one_key_do_not_meet() {
        let memo = Memo::new();
        assert_eq!(*memo.get_or_make("key".into(), || 1_u32), 1);
        assert_eq!(*memo.get_or_make("key".into(), || "one".to_owned()), "one");
    }
}
