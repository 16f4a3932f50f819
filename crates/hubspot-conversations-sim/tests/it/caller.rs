//! A plain HTTP client of a simulator. It uses operations and JSON, and none of the client's types.

use std::error::Error;
use std::sync::LazyLock;

use hubspot_conversations_api::{Credential, OperationId};
use hubspot_conversations_sim::{Body, Simulator, SimulatorBuilder};
use reqwest::header::HeaderMap;
use serde_json::Value;

pub(crate) struct Caller {
    pub(crate) simulator: Simulator,
    /// The requested version of the API.
    pub(crate) version: &'static str,
    http: reqwest::Client,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) json: Value,
}

impl Reply {
    /// The body of a successful response.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text);
        self.json
    }

    /// The message of the first problem in a response with 400.
    #[track_caller]
    pub(crate) fn problem(self) -> String {
        assert_eq!((self.status, &self.json["category"]), (400, &"VALIDATION_ERROR".into()));
        let problem = &self.json["errors"][0];
        let field = problem["in"].as_str().map(|field| format!("{field}: ")).unwrap_or_default();
        format!("{field}{}", problem["message"].as_str().unwrap())
    }
}

pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

impl Caller {
    pub(crate) async fn new() -> Self {
        Self::of(Simulator::builder()).await
    }

    pub(crate) async fn in_version(version: &'static str) -> Self {
        Self { version, ..Self::new().await }
    }

    pub(crate) async fn of(builder: SimulatorBuilder) -> Self {
        Self::with(builder.start().await.unwrap())
    }

    /// A caller without a socket, so that a paused clock controls it.
    pub(crate) fn in_process(builder: SimulatorBuilder) -> Self {
        Self::with(builder.in_process())
    }

    fn with(simulator: Simulator) -> Self {
        Self { simulator, version: "v3", http: http_client() }
    }

    /// A request for an operation, without a token, but with the developer key if it needs one.
    pub(crate) fn request(
        &self,
        operation: OperationId,
        captures: Pairs<'_>,
    ) -> reqwest::RequestBuilder {
        let mut path =
            path(operation, self.version).expect("the version does not have the operation");
        let operation = operation.operation();
        for (name, value) in captures {
            path = path.replace(&format!("{{{name}}}"), value);
        }
        assert!(!path.contains('{'), "a parameter is missing: {path}");
        let url = format!("{}{path}", self.simulator.base_url());
        let request = self.http.request(operation.method.clone(), url);
        match operation.credential {
            Credential::DeveloperKey => request.query(&self.developer_key()),
            _ => request,
        }
    }

    pub(crate) fn developer_key(&self) -> [(&'static str, String); 2] {
        let app = self.simulator.app_id().to_string();
        [("hapikey", self.simulator.developer_key().to_owned()), ("appId", app)]
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let response = self.response(request).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Reply { status, headers, text, json }
    }

    /// The response, whose body is not read, over a socket if the simulator has one.
    pub(crate) async fn response(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<reqwest::Response, Box<dyn Error + Send + Sync>> {
        let request = request.bearer_auth(self.simulator.token()).build()?;
        if self.simulator.addr().is_some() {
            return Ok(self.http.execute(request).await?);
        }
        let request: http::Request<reqwest::Body> = request.try_into()?;
        let answer = self.simulator.answer(request).await?;
        let stream = |body: Body| reqwest::Body::wrap_stream(body.into_data_stream());
        Ok(answer.map(stream).into())
    }

    pub(crate) async fn get(
        &self,
        operation: OperationId,
        captures: Pairs<'_>,
        query: Pairs<'_>,
    ) -> Reply {
        self.send(self.request(operation, captures).query(query)).await
    }

    pub(crate) async fn write(
        &self,
        operation: OperationId,
        captures: Pairs<'_>,
        query: Pairs<'_>,
        body: Value,
    ) -> Reply {
        self.send(self.request(operation, captures).query(query).json(&body)).await
    }

    /// The pages of a list, to its end.
    pub(crate) async fn pages(
        &self,
        operation: OperationId,
        captures: Pairs<'_>,
        query: Pairs<'_>,
    ) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut request = self.request(operation, captures).query(query);
            if let Some(after) = &after {
                request = request.query(&[("after", after)]);
            }
            let page = self.send(request).await.ok();
            pages.push(page["results"].as_array().unwrap().clone());
            assert!(pages.len() < 1_000, "the list does not end");
            match page["paging"]["next"]["after"].as_str() {
                Some(next) => after = Some(decoded(next)),
                None => return pages,
            }
        }
    }

    /// Every item of a list.
    pub(crate) async fn all(
        &self,
        operation: OperationId,
        captures: Pairs<'_>,
        query: Pairs<'_>,
    ) -> Vec<Value> {
        self.pages(operation, captures, query).await.concat()
    }

    pub(crate) async fn threads(&self) -> Vec<Value> {
        self.all(OperationId::ListThreads, &[], &[]).await
    }

    pub(crate) async fn thread(&self, id: &str) -> Value {
        self.get(OperationId::GetThread, &[("threadId", id)], &[]).await.ok()
    }

    /// A thread's history, the oldest entry first.
    pub(crate) async fn history(&self, thread: &str) -> Vec<Value> {
        let oldest_first = [("sort", "createdAt")];
        self.all(OperationId::ListMessages, &[("threadId", thread)], &oldest_first).await
    }

    /// The first thread that fits.
    pub(crate) async fn thread_where(&self, fits: impl Fn(&Value) -> bool) -> Value {
        self.threads().await.into_iter().find(fits).expect("no thread fits")
    }
}

/// A client for all tests, because reading the system's certificates takes long. It keeps no
/// connections, which would belong to the runtime of one test.
pub(crate) fn http_client() -> reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap()
    });
    CLIENT.clone()
}

/// The path of an operation in a version. `None` if the version does not have it.
pub(crate) fn path(operation: OperationId, version: &str) -> Option<String> {
    let operation = operation.operation();
    let root = operation.root.unwrap();
    let rest = operation.path.strip_prefix(root.documented()).unwrap();
    root.in_version(version).map(|root| format!("{root}{rest}"))
}

/// The cursor in the form that a request sends back, before the query is encoded.
pub(crate) fn decoded(after: &str) -> String {
    url::form_urlencoded::parse(format!("after={after}").as_bytes()).next().unwrap().1.into_owned()
}

pub(crate) fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap()
}
