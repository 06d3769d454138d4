//! An S3 of our own, in this process, over a folder.

use std::path::PathBuf;

use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use server::config::S3;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

const BUCKET: &str = "sendoff-media";

/// A bucket with nothing in it.
pub struct Bucket {
    pub settings: S3,
    folder: TempDir,
    served: JoinHandle<()>,
}

impl Drop for Bucket {
    fn drop(&mut self) {
        self.served.abort();
    }
}

impl Bucket {
    /// Files that lie in it.
    pub fn files(&self) -> usize {
        let mut folders: Vec<PathBuf> = vec![self.folder.path().join(BUCKET)];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap().is_dir() {
                    true => folders.push(entry.path()),
                    false => files += 1,
                }
            }
        }
        files
    }
}

pub async fn bucket() -> Bucket {
    let folder = TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join(BUCKET)).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(folder.path()).unwrap());
    service.set_auth(SimpleAuth::from_single("key-of-a-test", "secret-of-a-test"));
    let service = service.build();
    let socket = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let served = tokio::spawn(async move {
        loop {
            let (stream, _) = socket.accept().await.unwrap();
            let service = service.clone();
            tokio::spawn(async move {
                let _ = Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
            });
        }
    });
    let settings = S3 {
        bucket: BUCKET.into(),
        region: "us-east-1".into(),
        endpoint: Some(endpoint.parse().unwrap()),
        access_key_id: "key-of-a-test".into(),
        secret_access_key: "secret-of-a-test".to_owned().into(),
    };
    Bucket { settings, folder, served }
}
