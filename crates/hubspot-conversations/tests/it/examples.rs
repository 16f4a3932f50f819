//! Every example does what it says, against the simulator.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use crate::example::{Example, Running};
use crate::relay::Relay;
use hubspot_conversations::types::{
    ActorId, Message, MessageDirection, Thread, ThreadId, ThreadStatus, TruncationStatus,
};
use hubspot_conversations::{Client, OperationId};
use hubspot_conversations_sim::{Fault, Simulator, Subscription};
use serde_json::Value;

/// The inbox and the custom channel of the simulator's account.
const INBOX: &str = "98310201";
const CUSTOM_CHANNEL: &str = "1118204";

/// Makes a test of each run, and a list of them.
macro_rules! runs {
    ($($example:ident,)+) => {
        const RUNS: &[&str] = &[$(stringify!($example)),+];

        mod runs {
            $(
                #[tokio::test]
                async fn $example() {
                    super::$example(stringify!($example)).await;
                }
            )+
        }
    };
}

runs! {
    assign_and_close,
    histories,
    list_open_threads,
    new_since,
    publish_to_custom_channel,
    read_thread,
    reply,
    reply_bot,
    resolve_actors,
    resume_list,
    visitor_token,
}

#[test]
fn every_example_is_run() {
    let files = fs::read_dir(crate::example::sources()).unwrap().map(|file| file.unwrap().path());
    let names = files.map(|file| file.file_stem().unwrap().to_str().unwrap().to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), RUNS.iter().map(|run| (*run).to_owned()).collect());
}

fn client(simulator: &Simulator) -> Client {
    Client::builder().base_url(simulator.base_url()).token(simulator.token()).build().unwrap()
}

async fn threads(simulator: &Simulator) -> Vec<Thread> {
    client(simulator).threads().list().stream().try_collect().await.unwrap()
}

async fn history(simulator: &Simulator, thread: impl Into<ThreadId>) -> Vec<Message> {
    let messages = client(simulator).messages(thread);
    messages.list().oldest_first().stream().try_collect().await.unwrap()
}

/// A thread that is open, and an agent.
async fn open_thread(simulator: &Simulator) -> (ThreadId, ActorId) {
    let threads = threads(simulator).await;
    let agent = threads.iter().find_map(|thread| thread.assigned_to.clone()).unwrap();
    let open = threads.into_iter().find(|thread| thread.status == Some(ThreadStatus::Open));
    (open.unwrap().id, agent)
}

/// How often an agent wrote this in a thread.
async fn sent(simulator: &Simulator, thread: &ThreadId, text: &str) -> usize {
    let is_sent = |entry: &&Message| match entry {
        Message::Message(message) => {
            message.direction == Some(MessageDirection::Outgoing)
                && message.text.as_deref() == Some(text)
        }
        _ => false,
    };
    history(simulator, thread).await.iter().filter(is_sent).count()
}

/// A file that is not there.
fn no_file(name: &str) -> PathBuf {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_file(&file);
    file
}

async fn list_open_threads(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let is_listed = |thread: &&Thread| {
        thread.status == Some(ThreadStatus::Open) && thread.inbox_id == Some(INBOX.into())
    };
    let threads = threads(&simulator).await;
    let expected: Vec<_> = threads.iter().filter(is_listed).map(|it| it.id.to_string()).collect();
    assert!((1..threads.len()).contains(&expected.len()));

    let lines = Example::new(name, &simulator).args([INBOX]).lines().await;
    let listed: Vec<_> = lines.iter().map(|line| line.split('\t').next().unwrap()).collect();
    assert_eq!(listed, expected);
    assert!(lines.iter().any(|line| line.contains("\tA-")), "{lines:?}");

    let lines = Example::new(name, &simulator).lines().await;
    assert_eq!(lines.len(), simulator.counts().inboxes);
    assert!(lines.contains(&format!("{INBOX}\tSupport")), "{lines:?}");
}

async fn read_thread(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let is_cut = |entry: &Message| {
        matches!(entry, Message::Message(message)
            if message.truncation_status == Some(TruncationStatus::TruncatedToMostRecentReply))
    };
    let mut found = None;
    for thread in threads(&simulator).await {
        let entries = history(&simulator, &thread.id).await;
        if entries.iter().any(is_cut) && entries.iter().any(|it| it.tag() == Some("COMMENT")) {
            found = Some((thread.id, entries));
            break;
        }
    }
    let (thread, entries) = found.expect("some thread has a cut message and a comment");

    let printed = Example::new(name, &simulator).args([thread.as_str()]).lines().await.join("\n");
    let mut rest = printed.as_str();
    for entry in &entries {
        let text = match entry {
            Message::Message(cut) if is_cut(entry) => {
                let original = client(&simulator).messages(&thread).original(&cut.id).send();
                let original = original.await.unwrap().into_inner().text.unwrap();
                assert_ne!(Some(&original), cut.text.as_ref());
                original
            }
            Message::Message(message) => message.text.clone().unwrap(),
            Message::Comment(comment) => comment.text.clone().unwrap(),
            other => other.tag().unwrap().to_owned(),
        };
        let (_, after) = rest.split_once(&text).unwrap_or_else(|| panic!("no {text} in {rest}"));
        rest = after;
    }
}

async fn reply(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let (thread, agent) = open_thread(&simulator).await;
    for (text, fault) in
        [("On its way.", None), ("It arrived although nobody said so.", Some(Fault::LoseAnswer))]
    {
        if let Some(fault) = fault {
            simulator.fail_next(OperationId::SendMessage, fault);
        }
        let arguments = [thread.as_str(), agent.as_str(), text];
        let [id] = Example::new(name, &simulator).args(arguments).lines().await.try_into().unwrap();
        assert_eq!(sent(&simulator, &thread, text).await, 1);
        let Message::Message(message) = client(&simulator)
            .messages(&thread)
            .get(id.as_str())
            .send()
            .await
            .unwrap()
            .into_inner()
        else {
            panic!("{id} is no message")
        };
        assert_eq!(message.text.as_deref(), Some(text));
        assert_eq!(message.created_by, Some(agent.clone()));
    }
}

async fn assign_and_close(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let (thread, agent) = open_thread(&simulator).await;
    let run = |thread: &str| {
        let arguments = [thread, agent.as_str(), "Paid in full."];
        Example::new(name, &simulator).args(arguments)
    };
    assert_eq!(run(thread.as_str()).lines().await, [format!("{thread} is closed")]);
    let closed = client(&simulator).threads().get(&thread).send().await.unwrap();
    assert_eq!(closed.status, Some(ThreadStatus::Closed));
    assert_eq!(closed.assigned_to.as_ref(), Some(&agent));
    let is_note = |entry: &Message| matches!(entry, Message::Comment(note) if note.text.as_deref() == Some("Paid in full."));
    assert!(history(&simulator, &thread).await.iter().any(is_note));

    let (_, complaint) = run("1").failure().await;
    assert_eq!(complaint, "Error: there is no thread 1");

    let simulator = Simulator::builder().scopes(["conversations.read"]).start().await.unwrap();
    let arguments = [thread.as_str(), agent.as_str(), "Paid in full."];
    let (_, complaint) = Example::new(name, &simulator).args(arguments).failure().await;
    assert_eq!(complaint, "Error: give the app the scope conversations.write");
}

async fn new_since(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let file = no_file("watermark");
    let run = async || -> BTreeSet<String> {
        let lines = Example::new(name, &simulator).args([&file]).lines().await;
        let ids: BTreeSet<_> =
            lines.iter().map(|line| line.rsplit('\t').next().unwrap().to_owned()).collect();
        assert_eq!(ids.len(), lines.len(), "a message came twice");
        ids
    };
    let mut all = BTreeSet::new();
    for thread in threads(&simulator).await {
        let entries = history(&simulator, &thread.id).await;
        let messages = entries.iter().filter(|entry| entry.tag() == Some("MESSAGE"));
        all.extend(messages.filter_map(Message::id).map(ToString::to_string));
    }
    assert_eq!(run().await, all);
    assert_eq!(run().await, BTreeSet::new());

    let (thread, _) = open_thread(&simulator).await;
    let first = simulator.receive(&thread, "Any news?").unwrap();
    let second = simulator.receive(&thread, "Hello?").unwrap();
    // A run that fails is done again.
    simulator.fail_next(OperationId::ListMessages, Fault::status(400));
    Example::new(name, &simulator).args([&file]).failure().await;
    assert_eq!(run().await, [first.to_string(), second.to_string()].into());
    assert_eq!(run().await, BTreeSet::new());
}

async fn resume_list(name: &str) {
    let simulator =
        Simulator::builder().threads(300).messages(1).short_pages(true).start().await.unwrap();
    let all: Vec<_> = threads(&simulator).await.into_iter().map(|it| it.id.to_string()).collect();
    let file = no_file("cursor");
    let run = || Example::new(name, &simulator).args([&file]);

    // The second page never comes.
    simulator.fail_next(OperationId::ListThreads, Fault::Delay(Duration::ZERO));
    simulator.fail_next(OperationId::ListThreads, Fault::HoldRequest);
    let mut running = run().start();
    let mut printed = Vec::new();
    for _ in 0..250 {
        printed.push(running.line().await);
    }
    running.kill().await;
    simulator.clear_faults();

    let rest = run().lines().await;
    // It may have been killed before it wrote down that the last one was printed.
    if rest.first() == printed.last() {
        printed.pop();
    }
    printed.extend(rest);
    assert_eq!(printed, all);
    assert_eq!(run().lines().await, [""; 0]);
}

async fn histories(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let lines = Example::new(name, &simulator).lines().await;
    assert_eq!(lines.len(), simulator.counts().messages);
    let entries: Vec<Value> =
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    for thread in threads(&simulator).await {
        let expected = history(&simulator, &thread.id).await;
        let expected: Vec<&str> =
            expected.iter().filter_map(Message::id).map(AsRef::as_ref).collect();
        let theirs = entries.iter().filter(|it| it["conversationsThreadId"] == thread.id.as_str());
        let ids: Vec<&str> = theirs.map(|entry| entry["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected);
    }

    simulator.fail_next(OperationId::ListMessages, Fault::status(400));
    let (others, complaint) = Example::new(name, &simulator).failure().await;
    assert!(complaint.starts_with("thread "), "{complaint}");
    assert_eq!(complaint.lines().count(), 1, "{complaint}");
    assert!((1..lines.len()).contains(&others.len()));
}

async fn resolve_actors(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let (thread, agent) = open_thread(&simulator).await;
    client(&simulator)
        .messages(&thread)
        .reply("On its way.")
        .as_agent(&agent)
        .send()
        .await
        .unwrap();
    let mut expected = BTreeSet::new();
    for entry in history(&simulator, &thread).await {
        expected.extend(entry.created_by().map(ToString::to_string));
        let senders = entry.senders().iter().filter_map(|sender| sender.actor_id.as_ref());
        expected.extend(senders.map(ToString::to_string));
    }

    let lines = Example::new(name, &simulator).args([thread.as_str()]).lines().await;
    let ids: BTreeSet<_> =
        lines.iter().map(|line| line.split('\t').next().unwrap().to_owned()).collect();
    assert_eq!(ids, expected);
    assert_eq!(ids.len(), lines.len(), "an actor is there twice");
    let is = |prefix: &str, kind: &str| {
        lines.iter().any(|line| {
            let fields: Vec<_> = line.split('\t').collect();
            fields[0].starts_with(prefix) && fields[1] == kind && !fields[2].is_empty()
        })
    };
    assert!(is(agent.as_str(), "agent") && is("V-", "visitor"), "{lines:?}");
}

async fn visitor_token(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let arguments = ["ada@example.com", "Ada", "King"];
    let [token] = Example::new(name, &simulator).args(arguments).lines().await.try_into().unwrap();
    assert!(!token.is_empty());
    let asked: Value = serde_json::from_str(&simulator.requests()[0].body).unwrap();
    assert_eq!([&asked["email"], &asked["firstName"], &asked["lastName"]], arguments);

    let simulator = Simulator::builder().scopes(["conversations.read"]).start().await.unwrap();
    let (_, complaint) = Example::new(name, &simulator).args(arguments).failure().await;
    let scope = "conversations.visitor_identification.tokens.create";
    assert_eq!(complaint, format!("Error: give the app the scope {scope}"));
}

async fn publish_to_custom_channel(name: &str) {
    let simulator = Simulator::start().await.unwrap();
    let accounts = client(&simulator).custom_channel_accounts(CUSTOM_CHANNEL);
    let account = accounts.create("Orders", INBOX).send().await.unwrap();
    let run = async |message: &str| {
        let account = account.id.as_str();
        let arguments = [CUSTOM_CHANNEL, account, "customer-7", message, "Where is it?"];
        let lines = Example::new(name, &simulator).args(arguments).lines().await;
        let [line] = lines.try_into().unwrap();
        let (thread, message) = line.split_once('\t').unwrap();
        (ThreadId::from(thread), message.to_owned())
    };
    let (thread, first) = run("message-1").await;
    simulator.fail_next(OperationId::PublishCustomChannelMessage, Fault::LoseAnswer);
    let (same_thread, second) = run("message-2").await;
    assert_eq!(thread, same_thread);
    let traffic = simulator.request_stats(OperationId::PublishCustomChannelMessage);
    assert_eq!(traffic.arrived, 3, "the second message is published again");
    let entries = history(&simulator, &thread).await;
    let messages = entries.iter().filter(|entry| entry.tag() == Some("MESSAGE"));
    let ids: Vec<&str> = messages.filter_map(Message::id).map(AsRef::as_ref).collect();
    assert_eq!(ids, [first.as_str(), second.as_str()]);
}

/// The bot behind a relay, and subscribed.
struct Bot {
    simulator: Simulator,
    running: Running,
    thread: ThreadId,
}

const ANSWER: &str = "Thank you, we have your message and will be back soon.";

impl Bot {
    async fn start(twice: bool, relay: impl AsyncFnOnce(&Relay)) -> Self {
        let simulator =
            Simulator::builder().webhook_retries(3, Duration::ZERO).start().await.unwrap();
        let (thread, agent) = open_thread(&simulator).await;
        let between = Relay::new().await;
        let url = format!("{}/hubspot", between.origin);
        let mut running = Example::new("reply_bot", &simulator)
            .args([agent.as_str(), "127.0.0.1:0"])
            .env("HUBSPOT_CLIENT_SECRET", simulator.client_secret())
            .env("HUBSPOT_WEBHOOK_URL", &url)
            .start();
        let notice = running.notice().await;
        let address = notice.strip_prefix("listening on ").unwrap().parse().unwrap();
        relay(&between).await;
        between.pass_on_to(address);
        simulator.subscribe(Subscription::new(url).twice(twice)).unwrap();
        Self { simulator, running, thread }
    }

    /// The visitor writes, and the bot answers.
    async fn is_asked(&mut self, text: &str) {
        self.simulator.receive(&self.thread, text).unwrap();
        let answered = self.running.line().await;
        assert_eq!(answered.split('\t').next(), Some(self.thread.as_str()));
        self.simulator.delivered().await;
    }
}

async fn reply_bot(_: &str) {
    let mut bot = Bot::start(true, async |_| {}).await;
    bot.is_asked("Is anybody there?").await;
    bot.is_asked("And now?").await;
    assert_eq!(sent(&bot.simulator, &bot.thread, ANSWER).await, 2);
    // Both events of each message were delivered, and those of the answers, too.
    let deliveries = bot.simulator.deliveries();
    let messages = deliveries.iter().flat_map(|delivery| &delivery.events);
    let messages = messages.filter(|event| *event == "conversation.newMessage");
    assert_eq!(messages.count(), 8);
    assert!(deliveries.iter().all(|delivery| delivery.status == Some(200)), "{deliveries:?}");
    assert_eq!(bot.simulator.request_stats(OperationId::SendMessage).arrived, 2);
}

#[tokio::test]
async fn the_bot_answers_once_although_its_answer_to_hubspot_was_lost() {
    let mut bot = Bot::start(false, async |relay| relay.lose_next_answer()).await;
    bot.is_asked("Is anybody there?").await;
    bot.is_asked("And now?").await;
    let deliveries = bot.simulator.deliveries();
    let attempts: Vec<_> = deliveries.iter().map(|it| (it.attempt, it.status)).collect();
    assert_eq!(attempts[0], (0, None));
    assert!(attempts.contains(&(1, Some(200))), "{attempts:?}");
    assert_eq!(sent(&bot.simulator, &bot.thread, ANSWER).await, 2);
}

#[tokio::test]
async fn the_bot_answers_hubspot_before_it_works() {
    let bot = Bot::start(false, async |_| {}).await;
    bot.simulator.fail_next(OperationId::GetMessage, Fault::HoldRequest);
    bot.simulator.receive(&bot.thread, "Is anybody there?").unwrap();
    bot.simulator.delivered().await;
    let deliveries = bot.simulator.deliveries();
    let [delivery] = deliveries.as_slice() else { panic!("{deliveries:?}") };
    assert_eq!((delivery.attempt, delivery.status), (0, Some(200)));
    assert_eq!(bot.simulator.request_stats(OperationId::SendMessage).arrived, 0);
}

#[tokio::test]
async fn the_bot_looks_for_an_answer_that_it_cannot_know_to_have_arrived() {
    let mut bot = Bot::start(false, async |_| {}).await;
    bot.simulator.fail_next(OperationId::SendMessage, Fault::LoseAnswer);
    bot.is_asked("Is anybody there?").await;
    assert_eq!(sent(&bot.simulator, &bot.thread, ANSWER).await, 1);
    assert_eq!(bot.simulator.request_stats(OperationId::SendMessage).arrived, 1);
}
