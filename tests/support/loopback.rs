//! A server on a loopback socket, and the programs that talk to it. Bounded in number and time.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use poppywatch::http::{HttpState, ServeLimits, router, serve};
use tokio::{net::TcpListener, runtime::Runtime, sync::oneshot};

/// A server that stops when it is dropped.
pub struct Running {
    pub address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: Option<std::thread::JoinHandle<Duration>>,
}

impl Running {
    pub fn start(state: HttpState, limits: ServeLimits) -> Self {
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = std::thread::spawn(move || {
            let mut asked = Instant::now();
            let until = wait(stopped, &mut asked);
            runtime.block_on(serve(listener, router(state), limits, until)).unwrap();
            asked.elapsed()
        });
        Self { address, stop: Some(stop), served: Some(served) }
    }

    /// Stops, and tells how long that took.
    pub fn stop(mut self) -> Duration {
        drop(self.stop.take());
        self.served.take().unwrap().join().unwrap()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
        stream
    }

    /// Sends `request`, reads to the end of the connection.
    pub fn exchange(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        // The server may close before it has read everything, on purpose.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Loads layers, each `name:wkbType:count`, in QGIS as features and as tiles; `text` must come
    /// out unharmed as a value of one of them.
    pub fn open_in_qgis(&self, season: &str, layers: &[String], text: &str) {
        let script = format!("{}/tests/support/open_in_qgis.py", env!("CARGO_MANIFEST_DIR"));
        if !Path::new("/usr/lib/python3/dist-packages/qgis").exists() {
            println!("0 cases: PyQGIS is not installed");
            return;
        }
        let base = format!("http://{}", self.address);
        let mut arguments = vec![script.as_str(), &base, season, text];
        arguments.extend(layers.iter().map(String::as_str));
        let told = run("/usr/bin/python3", &arguments).unwrap();
        assert!(told.contains("all loaded"), "{told}");
        println!("{told}");
    }
}

async fn wait(stopped: oneshot::Receiver<()>, asked: &mut Instant) {
    let _ = stopped.await;
    *asked = Instant::now();
}

/// Runs a program for at most two minutes; `None` where it is not installed.
pub fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new("timeout");
    command.arg("120").arg(program).args(arguments).env("QT_QPA_PLATFORM", "offscreen");
    let output = command.output().ok()?;
    if output.status.code() == Some(127) {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{program} {arguments:?}: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(text)
}
