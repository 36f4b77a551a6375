//! Async waits, threads compute: the crew for geometry and statistics.

use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};
use thiserror::Error;
use tokio::sync::{Semaphore, oneshot};

use crate::analysis::watch::Asker;

/// The threads on which layers are computed and encoded, with a limited number of places.
///
/// Two crews, so that a page of plots does not stand behind an analysis of seconds: each has all the
/// threads, and the system shares the processors out between them. Whatever a job does with rayon
/// runs on its own crew.
#[derive(Clone, Debug)]
pub struct ComputePool {
    crews: [Arc<ThreadPool>; 2],
    places: [Arc<Semaphore>; 2],
}

/// In which line a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lane {
    /// What is looked up: facts, boundaries, documents.
    #[default]
    Lookup,
    /// What is reckoned, and may take seconds.
    Analysis,
}

/// Why a job has no result.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum ComputeError {
    /// Every place is taken.
    #[error("every place for work is taken")]
    Busy,
    /// The job panicked; the log tells where.
    #[error("the work failed")]
    Panicked,
}

impl ComputePool {
    /// Two crews of `threads`, each with `places` for jobs that wait or run.
    ///
    /// # Errors
    ///
    /// Where the system gives no threads.
    pub fn new(threads: NonZeroUsize, places: NonZeroUsize) -> Result<Self, ThreadPoolBuildError> {
        let crew = |what: &'static str| {
            let crew = ThreadPoolBuilder::new()
                .num_threads(threads.get())
                .thread_name(move |number| format!("{what}-{number}"))
                // Without a handler a panic would end the process; the panic hook has logged it.
                .panic_handler(|_panic| tracing::error!("a job on the compute threads panicked"))
                .build()?;
            Ok::<_, ThreadPoolBuildError>(Arc::new(crew))
        };
        let places = || Arc::new(Semaphore::new(places.get()));
        Ok(Self { crews: [crew("lookup")?, crew("analysis")?], places: [places(), places()] })
    }

    /// Runs `job` on the crew of `lane`. Work whose caller has gone away by its turn is skipped.
    ///
    /// # Errors
    ///
    /// [`ComputeError::Busy`] at once when every place is taken: a quick 503 beats a long queue.
    /// [`ComputeError::Panicked`] where the job did not come to its end.
    pub async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        job: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, ComputeError> {
        self.run_for(lane, |_asker| job()).await
    }

    /// As [`Self::run`], for a job that stops where it finds that its asker has gone.
    ///
    /// # Errors
    ///
    /// As [`Self::run`].
    pub async fn run_for<T: Send + 'static>(
        &self,
        lane: Lane,
        job: impl FnOnce(Asker) -> T + Send + 'static,
    ) -> Result<T, ComputeError> {
        let leaving = Leaving::default();
        let asker = Asker::leaving_by(Arc::clone(&leaving.0));
        let (crew, places) = (&self.crews[lane as usize], &self.places[lane as usize]);
        let place = Arc::clone(places).try_acquire_owned().map_err(|_full| ComputeError::Busy)?;
        let (answer, asked) = oneshot::channel();
        crew.spawn(move || {
            if answer.is_closed() {
                return;
            }
            let result = {
                let _place = place; // given back before the answer wakes its caller, even on a panic
                job(asker)
            };
            // Nobody waits any more: then the result is for nobody.
            let _ = answer.send(result);
        });
        asked.await.map_err(|_dropped| ComputeError::Panicked)
    }
}

/// Says that the asker has gone when it is dropped: with the question, or with the answer in hand,
/// when nobody looks any more.
#[derive(Default)]
struct Leaving(Arc<AtomicBool>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicBool, Ordering},
            mpsc,
        },
        task::{Context, Waker},
    };

    use super::*;

    fn pool(places: usize) -> ComputePool {
        ComputePool::new(NonZeroUsize::MIN, NonZeroUsize::new(places).unwrap()).unwrap()
    }

    #[tokio::test]
    async fn a_job_gives_its_result_and_its_place_back() {
        let pool = pool(1);
        for n in 0..3 {
            assert_eq!(pool.run(Lane::Analysis, move || n * 2).await, Ok(n * 2));
        }
    }

    #[tokio::test]
    async fn a_look_up_does_not_wait_for_an_analysis() {
        let pool = pool(1);
        let (release, wait) = mpsc::channel::<()>();
        let mut analysis = Box::pin(pool.run(Lane::Analysis, move || wait.recv().is_ok()));
        let mut context = Context::from_waker(Waker::noop());
        assert!(analysis.as_mut().poll(&mut context).is_pending());
        assert_eq!(pool.run(Lane::Lookup, || 1).await, Ok(1));
        release.send(()).unwrap();
        assert_eq!(analysis.await, Ok(true));
    }

    #[tokio::test]
    async fn a_job_hears_that_its_asker_has_gone() {
        use crate::analysis::watch::Watch;
        let pool = pool(1);
        let (saw, seen) = mpsc::channel();
        let (begun, begin) = mpsc::channel();
        let mut asked = Box::pin(pool.run_for(Lane::Analysis, move |asker| {
            begun.send(asker.gone()).unwrap();
            while !asker.gone() {
                std::thread::yield_now();
            }
            saw.send(()).unwrap();
        }));
        let mut context = Context::from_waker(Waker::noop());
        assert!(asked.as_mut().poll(&mut context).is_pending());
        assert!(!begin.recv().unwrap());
        drop(asked);
        assert!(seen.recv().is_ok());
    }

    #[tokio::test]
    async fn a_panic_is_an_error_and_frees_the_place() {
        let pool = pool(1);
        assert_eq!(
            pool.run(Lane::Analysis, || panic!("on purpose")).await,
            Err::<(), _>(ComputeError::Panicked)
        );
        assert_eq!(pool.run(Lane::Analysis, || 1).await, Ok(1));
    }

    #[tokio::test]
    async fn a_full_crew_says_so_and_skips_what_nobody_awaits() {
        let pool = pool(2);
        let (release, wait) = mpsc::channel::<()>();
        let mut first = Box::pin(pool.run(Lane::Analysis, move || wait.recv().is_ok()));
        let ran = Arc::new(AtomicBool::new(false));
        let mut second = {
            let ran = Arc::clone(&ran);
            Box::pin(pool.run(Lane::Analysis, move || ran.store(true, Ordering::SeqCst)))
        };
        let mut context = Context::from_waker(Waker::noop());
        assert!(first.as_mut().poll(&mut context).is_pending());
        assert!(second.as_mut().poll(&mut context).is_pending());
        assert_eq!(pool.run(Lane::Analysis, || ()).await, Err(ComputeError::Busy));
        drop(second);
        release.send(()).unwrap();
        assert_eq!(first.await, Ok(true));
        // The crew is one thread: when it answers this, it has passed the dropped job.
        let mut last = pool.run(Lane::Analysis, || ()).await;
        while last == Err(ComputeError::Busy) {
            last = pool.run(Lane::Analysis, || ()).await;
        }
        assert!(!ran.load(Ordering::SeqCst));
    }
}
