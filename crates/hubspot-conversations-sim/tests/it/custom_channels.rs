//! Custom channels: registering them, connecting accounts, and exchanging messages.

use crate::caller::{Caller, http_client, id};
use hubspot_conversations_api::OperationId::*;
use hubspot_conversations_sim::Simulator;
use serde_json::{Value, json};

const INBOX: &str = "98310201";

/// A caller with a custom channel and one account of it.
struct Channel {
    caller: Caller,
    channel: String,
    account: String,
}

impl Channel {
    async fn with(capabilities: Value) -> Self {
        let caller = Caller::new().await;
        let new = json!({ "name": "Parcel chat", "capabilities": capabilities });
        let channel = caller.write(CreateCustomChannel, &[], &[], new).await.ok();
        let channel = id(&channel).to_owned();
        let account = json!({ "name": "Parcel desk", "inboxId": INBOX, "authorized": true });
        let path = [("channelId", channel.as_str())];
        let account = caller.write(CreateCustomChannelAccount, &path, &[], account).await.ok();
        let account = id(&account).to_owned();
        Self { caller, channel, account }
    }

    /// A channel that assigns messages to threads by the visitor's address.
    async fn by_address() -> Self {
        Self::with(json!({ "threadingModel": "DELIVERY_IDENTIFIER" })).await
    }

    async fn by_thread_id() -> Self {
        Self::with(json!({ "threadingModel": "INTEGRATION_THREAD_ID" })).await
    }

    /// Publishes a message with a direction and a text, and adds or replaces fields.
    async fn publish(&self, direction: &str, fields: Value) -> crate::caller::Reply {
        let mut message = json!({
            "channelAccountId": self.account, "messageDirection": direction, "text": "It is here.",
        });
        message.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let path = [("channelId", self.channel.as_str())];
        self.caller.write(PublishCustomChannelMessage, &path, &[], message).await
    }

    async fn incoming(&self, type_: &str, value: &str) -> Value {
        self.publish("INCOMING", json!({ "senders": [participant(type_, value)] })).await.ok()
    }

    fn path(&self) -> [(&str, &str); 1] {
        [("channelId", &self.channel)]
    }

    async fn get(&self) -> Value {
        self.caller.get(GetCustomChannel, &self.path(), &[]).await.ok()
    }

    async fn update(&self, update: Value) -> crate::caller::Reply {
        self.caller.write(UpdateCustomChannel, &self.path(), &[], update).await
    }
}

fn participant(type_: &str, value: &str) -> Value {
    json!({ "deliveryIdentifier": { "type": type_, "value": value }, "name": "Some One" })
}

const EMAIL: &str = "HS_EMAIL_ADDRESS";
const PHONE: &str = "HS_PHONE_NUMBER";
const OPAQUE: &str = "CHANNEL_SPECIFIC_OPAQUE_ID";

fn thread_of(message: &Value) -> &str {
    message["conversationsThreadId"].as_str().unwrap()
}

fn ids(items: &[Value]) -> Vec<&str> {
    items.iter().map(id).collect()
}

// Authorization.

#[tokio::test]
async fn channels_are_registered_with_the_developer_key_and_not_with_a_token() {
    let caller = Caller::of(Simulator::builder().developer_key("the-key")).await;
    assert_eq!(caller.simulator.developer_key(), "the-key");
    let app = caller.simulator.app_id().to_string();
    let url = format!("{}/conversations/custom-channels/v3", caller.simulator.base_url());
    for (query, status) in [
        (format!("?hapikey=the-key&appId={app}"), 200),
        (String::new(), 401),
        (format!("?appId={app}"), 401),
        ("?hapikey=the-key".to_owned(), 401),
        ("?hapikey=the-key&appId=1".to_owned(), 401),
        (format!("?hapikey=other&appId={app}"), 401),
        (format!("?hapikey={}&appId={app}", caller.simulator.token()), 401),
    ] {
        let request = http_client().get(format!("{url}{query}"));
        let reply = caller.send(request).await;
        assert_eq!(reply.status, status, "{query}");
        if status == 401 {
            assert_eq!(reply.json["category"], "INVALID_AUTHENTICATION");
            assert_eq!(reply.json["status"], "error");
        }
    }
    let accounts = [("channelId", "1118204")];
    let request = caller.request(ListCustomChannelAccounts, &accounts);
    let request = request.query(&caller.developer_key());
    assert_eq!(request.send().await.unwrap().status(), 401, "the key is no token");
}

#[tokio::test]
async fn accounts_and_messages_need_the_scopes_of_custom_channels() {
    let scopes =
        ["conversations.read", "conversations.write", "conversations.custom_channels.read"];
    let caller = Caller::of(Simulator::builder().scopes(scopes)).await;
    let path = [("channelId", "1118204")];
    caller.get(ListCustomChannels, &[], &[]).await.ok();
    caller.get(ListCustomChannelAccounts, &path, &[]).await.ok();
    let reply = caller.write(CreateCustomChannelAccount, &path, &[], json!({})).await;
    assert_eq!(reply.status, 400, "either scope is enough, as in HubSpot's document");
    let reply = caller.write(PublishCustomChannelMessage, &path, &[], json!({})).await;
    assert_eq!(reply.status, 403);
    let needed = &reply.json["errors"][0]["context"]["requiredGranularScopes"];
    assert_eq!(*needed, json!(["conversations.custom_channels.write"]));
}

#[tokio::test]
async fn the_developer_key_is_neither_recorded_nor_part_of_a_link() {
    let caller = Caller::new().await;
    let new = json!({ "name": "Another", "capabilities": {} });
    caller.write(CreateCustomChannel, &[], &[("hapike%79", "x")], new).await.ok();
    let page = caller.get(ListCustomChannels, &[], &[("limit", "1")]).await;
    assert!(page.json["paging"]["next"]["link"].is_string());
    assert!(!page.text.contains("hapikey"), "{}", page.text);
    let key = caller.simulator.developer_key();

    let url = format!("{}/conversations/custom-channels/v3", caller.simulator.base_url());
    let url = format!("{url}?limit=1&hapike%79={key}&appId=1");
    caller.send(http_client().get(url)).await;
    let requests = caller.simulator.requests();
    assert!(!format!("{requests:?} {:?}", caller.simulator).contains(key));
    let app = caller.simulator.app_id();
    assert_eq!(requests[1].query, format!("hapikey=***&appId={app}&limit=1"));
    assert_eq!(requests[2].query, "limit=1&hapikey=***&appId=1");
}

// Channels.

#[tokio::test]
async fn a_registered_channel_is_a_channel_like_any_other_until_it_is_archived() {
    let it = Channel::by_address().await;
    let caller = &it.caller;
    let path = it.path();
    assert_eq!(it.get().await["name"], "Parcel chat");
    let all = caller.all(ListCustomChannels, &[], &[]).await;
    assert_eq!(ids(&all), ["1118204", it.channel.as_str()]);
    let by_name = caller.all(ListCustomChannels, &[], &[("sort", "-name")]).await;
    assert_eq!(ids(&by_name), [it.channel.as_str(), "1118204"]);
    assert_eq!(caller.get(GetChannel, &path, &[]).await.ok()["name"], "Parcel chat");
    it.update(json!({ "name": "Parcel messages" })).await.ok();
    let channel = caller.get(GetChannel, &path, &[]).await.ok();
    assert_eq!(channel, json!({ "id": it.channel, "name": "Parcel messages" }));
    assert!(caller.all(ListChannels, &[], &[]).await.contains(&channel));

    assert_eq!(caller.get(ArchiveCustomChannel, &path, &[]).await.status, 204);
    for operation in [GetCustomChannel, GetChannel, ArchiveCustomChannel, ListCustomChannelAccounts]
    {
        assert_eq!(caller.get(operation, &path, &[]).await.status, 404, "{operation:?}");
    }
    assert_eq!(ids(&caller.all(ListCustomChannels, &[], &[]).await), ["1118204"]);
    assert!(!caller.all(ListChannels, &[], &[]).await.contains(&channel));
    let archived = caller.all(ListChannelAccounts, &[], &[("archived", "true")]).await;
    assert!(ids(&archived).contains(&it.account.as_str()), "{archived:?}");
}

#[tokio::test]
async fn an_update_keeps_what_is_absent_and_clears_what_is_null() {
    let it = Channel::with(json!({ "allowInlineImages": true, "richText": ["BOLD"] })).await;
    let before = it.get().await;
    let set = json!({
        "webhookUrl": "https://a.example.com", "channelLogoUrl": "https://b.example.com",
        "channelDescription": "Parcels", "channelAccountConnectionRedirectUrl": "https://c.example.com",
    });
    it.update(set.clone()).await.ok();
    let all = it.get().await;
    for (name, value) in set.as_object().unwrap() {
        assert_eq!(all[name], *value);
        let updated = it.update(json!({ name: null })).await.ok();
        let mut expected = all.clone();
        expected.as_object_mut().unwrap().remove(name);
        assert_eq!(updated, expected, "only {name} is cleared");
        assert_eq!(it.update(json!({ name: value })).await.ok(), all);
    }
    assert_eq!(it.update(json!({})).await.ok(), all);
    assert_eq!(all["capabilities"], before["capabilities"]);
    let capabilities = json!({ "allowInlineImages": false });
    let updated = it.update(json!({ "capabilities": capabilities })).await.ok();
    assert_eq!(updated["capabilities"], capabilities, "all of them are replaced");
    for name in ["name", "capabilities"] {
        let reply = it.update(json!({ name: null })).await;
        assert_eq!(reply.problem(), format!("{name}: cannot be cleared"));
    }
    assert_eq!(it.update(json!({ "name": " " })).await.problem(), "name: expected some text");
}

#[tokio::test]
async fn capabilities_that_are_none_are_refused_and_named() {
    let caller = Caller::new().await;
    let create = async |capabilities: Value| {
        let new = json!({ "name": "Parcel chat", "capabilities": capabilities });
        caller.write(CreateCustomChannel, &[], &[], new).await
    };
    for (capabilities, named) in [
        (json!({ "threadingModel": "BY_MOOD" }), r#"threadingModel: "BY_MOOD""#),
        (json!({ "richText": ["BOLD", "BLINK"] }), r#"richText: ["BOLD","BLINK"]"#),
        (
            json!({ "deliveryIdentifierTypes": EMAIL }),
            r#"deliveryIdentifierTypes: "HS_EMAIL_ADDRESS""#,
        ),
        (json!({ "outgoingAttachmentTypes": ["AUDIO"] }), r#"outgoingAttachmentTypes: ["AUDIO"]"#),
        (json!({ "allowInlineImages": "yes" }), r#"allowInlineImages: "yes""#),
        (json!({ "allowedFileAttachmentMimeTypes": [1] }), "allowedFileAttachmentMimeTypes: [1]"),
        (json!({ "maxFileAttachmentCount": -1 }), "maxFileAttachmentCount: -1"),
        (json!({ "maxFileAttachmentSizeBytes": 1.5 }), "maxFileAttachmentSizeBytes: 1.5"),
        (json!({ "allowTeleportation": true }), "allowTeleportation: true"),
    ] {
        let reply = create(capabilities).await;
        assert_eq!(reply.status, 400, "{named}");
        assert_eq!(reply.json["category"], "VALIDATION_ERROR");
        assert_eq!(
            reply.json["subCategory"],
            "CustomChannelsError.INVALID_CHANNEL_CAPABILITY_VALUES"
        );
        assert_eq!(reply.json["context"]["capabilityKeysAndValues"], json!([named]));
        let message =
            format!("One or more Channel Capabilities specified had invalid values: {named}");
        assert_eq!(reply.json["message"], message);
    }
    let two = create(json!({ "threadingModel": 1, "allowInlineImages": 2 })).await;
    assert_eq!(two.json["context"]["capabilityKeysAndValues"].as_array().unwrap().len(), 2);
    create(json!({ "threadingModel": null, "maxFileAttachmentCount": 0 })).await.ok();
    let reply = caller.write(CreateCustomChannel, &[], &[], json!({ "name": "No" })).await;
    assert_eq!(reply.problem(), "capabilities: is required");

    let it = Channel::by_address().await;
    let reply = it.update(json!({ "capabilities": { "threadingModel": "BY_MOOD" } })).await;
    assert_eq!(reply.status, 400);
    assert_eq!(it.get().await["capabilities"]["threadingModel"], "DELIVERY_IDENTIFIER");
}

// Accounts.

#[tokio::test]
async fn accounts_are_found_by_their_addresses_and_among_all_accounts() {
    let it = Channel::by_address().await;
    let caller = &it.caller;
    let create = async |name: &str, address: Value| {
        let new = json!({
            "name": name, "inboxId": INBOX, "authorized": false, "deliveryIdentifier": address,
        });
        let account = caller.write(CreateCustomChannelAccount, &it.path(), &[], new).await.ok();
        id(&account).to_owned()
    };
    let mail = create("Mail", json!({ "type": EMAIL, "value": "a@example.com" })).await;
    let phone = create("Phone", json!({ "type": PHONE, "value": "+12025550101" })).await;
    let other = create("Other mail", json!({ "type": EMAIL, "value": "b@example.com" })).await;
    let (first, mail, phone, other) = (&it.account, &mail, &phone, &other);

    const TYPE: &str = "deliveryIdentifierType";
    const VALUE: &str = "deliveryIdentifierValue";
    for (query, expected) in [
        (vec![], vec![first, mail, phone, other]),
        (vec![("sort", "name")], vec![mail, other, first, phone]),
        (vec![("limit", "1")], vec![first, mail, phone, other]),
        (vec![(TYPE, EMAIL)], vec![mail, other]),
        (vec![(VALUE, "b@example.com")], vec![other]),
        (vec![(TYPE, EMAIL), (VALUE, "+12025550101")], vec![]),
        (
            vec![(TYPE, PHONE), (VALUE, "+12025550101"), (TYPE, EMAIL), (VALUE, "b@example.com")],
            vec![phone, other],
        ),
        (vec![("archived", "true")], vec![]),
    ] {
        let found = caller.all(ListCustomChannelAccounts, &it.path(), &query).await;
        assert_eq!(ids(&found), expected, "{query:?}");
    }
    let query = [(TYPE, EMAIL), (VALUE, "a"), (VALUE, "b")];
    let reply = caller.get(ListCustomChannelAccounts, &it.path(), &query).await;
    assert_eq!(reply.problem(), "deliveryIdentifierType: expected as many types as values");
    let reply = caller.get(ListCustomChannelAccounts, &it.path(), &[(TYPE, "FAX")]).await;
    assert_eq!(reply.problem(), "deliveryIdentifierType: unknown type");

    let everywhere = caller.all(ListChannelAccounts, &[], &[("channelId", &it.channel)]).await;
    assert_eq!(ids(&everywhere), [first, mail, phone, other]);
    assert_eq!(everywhere[1]["authorized"], false);
    let one = caller.get(GetChannelAccount, &[("channelAccountId", mail)], &[]).await.ok();
    assert_eq!(one, everywhere[1]);
}

#[tokio::test]
async fn an_account_is_changed_and_belongs_to_its_channel_only() {
    let it = Channel::by_address().await;
    let account = ("channelAccountId", it.account.as_str());
    let path = [it.path()[0], account];
    let update =
        async |update: Value| it.caller.write(UpdateCustomChannelAccount, &path, &[], update).await;
    let updated = update(json!({ "authorized": false })).await.ok();
    assert_eq!((&updated["name"], &updated["authorized"]), (&json!("Parcel desk"), &json!(false)));
    let updated = update(json!({ "name": "Counter" })).await.ok();
    assert_eq!((&updated["name"], &updated["authorized"]), (&json!("Counter"), &json!(false)));
    assert_eq!(it.caller.get(GetChannelAccount, &[account], &[]).await.ok(), updated);
    assert_eq!(update(json!({ "name": null })).await.problem(), "name: cannot be cleared");

    for path in [[("channelId", "1118204"), account], [it.path()[0], ("channelAccountId", "99120")]]
    {
        assert_eq!(it.caller.get(GetCustomChannelAccount, &path, &[]).await.status, 404);
        let reply = it.caller.write(UpdateCustomChannelAccount, &path, &[], json!({})).await;
        assert_eq!(reply.status, 404);
    }
    for inbox in ["1", "87210044", "x"] {
        let new = json!({ "name": "Lost", "inboxId": inbox, "authorized": true });
        let reply = it.caller.write(CreateCustomChannelAccount, &it.path(), &[], new).await;
        assert_eq!(reply.problem(), "inboxId: no such inbox", "{inbox}");
    }
}

#[tokio::test]
async fn a_staged_account_is_connected_once_it_has_a_name_and_an_address() {
    let it = Channel::by_address().await;
    let simulator = &it.caller.simulator;
    assert_eq!(simulator.staging_token("1", INBOX), None);
    assert_eq!(simulator.staging_token(&it.channel, "1"), None);
    let token = simulator.staging_token(&it.channel, INBOX).unwrap();
    let path = [it.path()[0], ("accountToken", token.as_str())];
    let update =
        async |update: Value| it.caller.write(UpdateStagingToken, &path, &[], update).await.ok();
    let accounts = async || it.caller.all(ListCustomChannelAccounts, &it.path(), &[]).await;

    let staged = update(json!({ "accountName": "Second desk" })).await;
    assert_eq!(staged["accountToken"], token);
    assert_eq!(staged["inboxId"], 98_310_201, "a number");
    assert_eq!(staged["genericChannelId"].to_string(), it.channel, "a number");
    assert_eq!(accounts().await.len(), 1);
    let address = json!({ "type": OPAQUE, "value": "desk-2" });
    let staged = update(json!({ "deliveryIdentifier": address })).await;
    assert_eq!(staged["accountName"], "Second desk");
    update(json!({ "accountName": "Third desk" })).await;
    let accounts = accounts().await;
    assert_eq!(accounts.len(), 2, "connected once");
    assert_eq!(accounts[1]["name"], "Third desk");
    assert_eq!(accounts[1]["deliveryIdentifier"], address);

    for path in [[("channelId", "1118204"), path[1]], [path[0], ("accountToken", "x")]] {
        let reply = it.caller.write(UpdateStagingToken, &path, &[], json!({})).await;
        assert_eq!(reply.status, 404);
    }
}

// Messages.

#[tokio::test]
async fn a_published_message_is_in_the_history_of_a_thread_it_begins() {
    let it = Channel::by_address().await;
    let before = it.caller.simulator.counts();
    let message = it.incoming(EMAIL, "new@example.com").await;
    let after = it.caller.simulator.counts();
    assert_eq!((after.threads, after.messages), (before.threads + 1, before.messages + 1));

    let thread = it.caller.thread(thread_of(&message)).await;
    assert_eq!(thread["status"], "OPEN");
    assert_eq!(thread["inboxId"], INBOX);
    assert_eq!(thread["originalChannelId"], it.channel);
    assert_eq!(thread["originalChannelAccountId"], it.account);
    assert_eq!(thread["latestMessageReceivedTimestamp"], message["createdAt"]);
    assert_eq!(json!(it.caller.history(id(&thread)).await), json!([message]));
    assert_eq!(it.caller.threads().await.last().unwrap(), &thread, "its id is the highest");
    let read = [it.path()[0], ("messageId", id(&message))];
    assert_eq!(it.caller.get(GetCustomChannelMessage, &read, &[]).await.ok(), message);

    assert_eq!(message["direction"], "INCOMING");
    assert_eq!(message["status"]["statusType"], "RECEIVED");
    assert_eq!(message["client"]["clientType"], "INTEGRATION");
    assert_eq!(message["createdBy"], message["senders"][0]["actorId"]);
    assert_eq!(message["attachments"], json!([]));
    let visitor = message["createdBy"].as_str().unwrap();
    assert_eq!(visitor, format!("V-{}", thread["associatedContactId"].as_str().unwrap()));
    let actor = it.caller.get(GetActor, &[("actorId", visitor)], &[]).await.ok();
    assert_eq!(actor["email"], "new@example.com");
    assert_eq!(actor["name"], "Some One");
}

#[tokio::test]
async fn an_address_finds_the_contact_who_has_it() {
    let it = Channel::by_address().await;
    let wrote = async |type_: &str, value: &str| {
        let message = it.incoming(type_, value).await;
        message["createdBy"].as_str().unwrap().to_owned()
    };
    let mut known = None;
    for thread in it.caller.threads().await {
        let visitor = format!("V-{}", thread["associatedContactId"].as_str().unwrap());
        let actor = it.caller.get(GetActor, &[("actorId", &visitor)], &[]).await.ok();
        known = actor["email"].as_str().map(|email| (visitor, email.to_owned())).or(known);
    }
    let (visitor, email) = known.unwrap();
    assert_eq!(wrote(EMAIL, &email).await, visitor);
    assert_eq!(wrote(EMAIL, &email.to_uppercase()).await, visitor);

    let whatsapp = it.caller.thread_where(|thread| thread["originalChannelId"] == "1007").await;
    let history = it.caller.history(id(&whatsapp)).await;
    let first = history.iter().find(|entry| entry["direction"] == "INCOMING").unwrap();
    let phone = first["senders"][0]["deliveryIdentifier"]["value"].as_str().unwrap();
    assert_eq!(wrote(PHONE, phone).await, first["createdBy"]);

    let stranger = wrote(PHONE, "+12025550101").await;
    assert_eq!(wrote(PHONE, "+12025550101").await, stranger);
    assert_ne!(wrote(PHONE, "+12025550102").await, stranger);
    let opaque = wrote(OPAQUE, "u-1").await;
    assert_eq!(wrote(OPAQUE, "u-1").await, opaque);
    let actor = it.caller.get(GetActor, &[("actorId", &opaque)], &[]).await.ok();
    assert_eq!((&actor["type"], actor.get("email")), (&json!("VISITOR"), None));

    let contact = it.publish(
        "INCOMING",
        json!({
            "senders": [participant(OPAQUE, "u-2")],
            "associateWithContactId": visitor[2..].parse::<u64>().unwrap(),
        }),
    );
    assert_eq!(contact.await.ok()["createdBy"], visitor);
    let contact = it.publish("INCOMING", json!({
        "senders": [participant(OPAQUE, "u-3")],
        "preResolvedContacts": { "contacts": [
            { "contactVid": visitor[2..].parse::<u64>().unwrap(), "contactPropertiesLeadingToMatch": ["email"] },
        ] },
    }));
    assert_eq!(contact.await.ok()["createdBy"], visitor);
}

#[tokio::test]
async fn a_channel_threads_by_who_writes() {
    let it = Channel::by_address().await;
    let first = it.incoming(OPAQUE, "u-1").await;
    let same = it.incoming(OPAQUE, "u-1").await;
    let other = it.incoming(OPAQUE, "u-2").await;
    assert_eq!(thread_of(&same), thread_of(&first));
    assert_ne!(thread_of(&other), thread_of(&first));
    let answer = it.publish("OUTGOING", json!({
        "senders": [{ "deliveryIdentifier": { "type": OPAQUE, "value": "desk" }, "senderActorId": "A-2620018" }],
        "recipients": [participant(OPAQUE, "u-1")],
    }));
    let answer = answer.await.ok();
    assert_eq!(thread_of(&answer), thread_of(&first));
    assert_eq!(answer["direction"], "OUTGOING");
    assert_eq!(answer["status"]["statusType"], "SENT");
    assert_eq!(answer["createdBy"], "A-2620018");
    let thread = it.caller.thread(thread_of(&first)).await;
    assert_eq!(thread["latestMessageSentTimestamp"], answer["createdAt"]);
    let history = it.caller.history(thread_of(&first)).await;
    assert_eq!(ids(&history), [id(&first), id(&same), id(&answer)]);
}

#[tokio::test]
async fn a_channel_threads_by_its_own_thread_ids() {
    let it = Channel::by_thread_id().await;
    let publish = async |direction: &str, thread: &str, fields: Value| {
        let mut fields = fields;
        fields["integrationThreadId"] = json!(thread);
        it.publish(direction, fields).await
    };
    let from = |who: &str| json!({ "senders": [participant(OPAQUE, who)] });
    let first = publish("INCOMING", "t-1", from("u-1")).await.ok();
    let same = publish("INCOMING", "t-1", from("u-2")).await.ok();
    let other = publish("INCOMING", "t-2", from("u-1")).await.ok();
    assert_eq!(thread_of(&same), thread_of(&first));
    assert_ne!(thread_of(&other), thread_of(&first));
    let answer = publish("OUTGOING", "t-2", json!({})).await.ok();
    assert_eq!(thread_of(&answer), thread_of(&other), "nobody else has to be named");

    let reply = it.publish("INCOMING", from("u-1")).await;
    assert_eq!(reply.problem(), "integrationThreadId: the channel's threading model needs it");
    let reply = publish("OUTGOING", "t-3", json!({})).await;
    assert_eq!(reply.problem(), "recipients: expected at least one, to begin a thread with");
}

#[tokio::test]
async fn an_incoming_message_opens_its_thread_again_and_does_not_bring_back_an_archived_one() {
    let it = Channel::by_address().await;
    let first = it.incoming(OPAQUE, "u-1").await;
    let thread = [("threadId", thread_of(&first))];
    it.caller.write(UpdateThread, &thread, &[], json!({ "status": "CLOSED" })).await.ok();
    let second = it.incoming(OPAQUE, "u-1").await;
    assert_eq!(thread_of(&second), thread_of(&first));
    let open = it.caller.thread(thread[0].1).await;
    assert_eq!((&open["status"], open.get("closedAt")), (&json!("OPEN"), None));
    let history = it.caller.history(thread[0].1).await;
    let types: Vec<_> = history.iter().map(|entry| entry["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["MESSAGE", "THREAD_STATUS_CHANGE", "THREAD_STATUS_CHANGE", "MESSAGE"]);
    assert_eq!(history[2]["createdBy"], "S-hubspot");

    it.caller.get(ArchiveThread, &thread, &[]).await;
    let third = it.incoming(OPAQUE, "u-1").await;
    assert_ne!(thread_of(&third), thread_of(&first));
    let read = [it.path()[0], ("messageId", id(&first))];
    assert_eq!(it.caller.get(GetCustomChannelMessage, &read, &[]).await.ok()["archived"], true);
}

#[tokio::test]
async fn a_history_stays_in_order_of_time() {
    let it = Channel::by_address().await;
    let mut created = Vec::new();
    for timestamp in [
        Some("2026-02-01T10:00:00Z"),
        Some("2026-01-01T10:00:00Z"),
        Some("2026-02-02T10:00:00Z"),
        None,
        Some("2036-01-01T10:00:00Z"),
    ] {
        let mut fields = json!({ "senders": [participant(OPAQUE, "u-1")] });
        if let Some(timestamp) = timestamp {
            fields["timestamp"] = json!(timestamp);
        }
        let message = it.publish("INCOMING", fields).await.ok();
        created.push(message["createdAt"].as_str().unwrap().to_owned());
    }
    assert_eq!(
        created[..3],
        ["2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z", "2026-02-02T10:00:00Z"]
    );
    assert!(created.is_sorted(), "{created:?}");
    assert!(created[4].starts_with("2026-03-02T"), "not in the future: {created:?}");
    for timestamp in [json!("tomorrow"), json!(null), json!(1_772_000_000_000_u64)] {
        let fields = json!({ "senders": [participant(OPAQUE, "u-1")], "timestamp": timestamp });
        assert_eq!(it.publish("INCOMING", fields).await.status, 400, "{timestamp}");
    }
}

#[tokio::test]
async fn a_repeated_message_is_answered_again_and_stored_once() {
    let it = Channel::by_address().await;
    let fields =
        json!({ "senders": [participant(OPAQUE, "u-1")], "integrationIdempotencyId": "m-1" });
    let first = it.publish("INCOMING", fields.clone()).await;
    let counts = it.caller.simulator.counts();
    let again = it.publish("INCOMING", fields.clone()).await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(again.json, first.json);
    assert_eq!(it.caller.simulator.counts(), counts);
    let mut other = fields;
    other["integrationIdempotencyId"] = json!("m-2");
    assert_ne!(id(&it.publish("INCOMING", other).await.ok()), id(&first.json));
}

#[tokio::test]
async fn the_delivery_of_an_outgoing_message_is_told() {
    let it = Channel::by_address().await;
    let incoming = it.incoming(OPAQUE, "u-1").await;
    // A message that an agent writes in HubSpot is reported in the same way.
    let by_agent = json!({
        "type": "MESSAGE", "text": "Thank you.", "senderActorId": "A-2620018",
        "channelId": it.channel, "channelAccountId": it.account, "attachments": [],
        "recipients": [{ "deliveryIdentifiers": [{ "type": OPAQUE, "value": "u-1" }] }],
    });
    let thread = [("threadId", thread_of(&incoming))];
    let by_agent = it.caller.write(SendMessage, &thread, &[], by_agent).await.ok();
    let published = it.publish("OUTGOING", json!({ "recipients": [participant(OPAQUE, "u-1")] }));
    let published = published.await.ok();
    let update = async |message: &Value, update: Value| {
        let path = [it.path()[0], ("messageId", id(message))];
        it.caller.write(UpdateCustomChannelMessage, &path, &[], update).await
    };
    for message in [&by_agent, &published] {
        let read = update(message, json!({ "statusType": "READ", "errorMessage": "None." })).await;
        assert_eq!(read.ok()["status"], json!({ "statusType": "READ" }));
        let failed = json!({ "statusType": "FAILED", "errorMessage": "Nobody is home." });
        let failed = update(message, failed).await.ok();
        let details = json!({ "errorMessage": "Nobody is home." });
        assert_eq!(failed["status"], json!({ "statusType": "FAILED", "failureDetails": details }));
        assert!(it.caller.history(thread[0].1).await.contains(&failed));
        let sent = update(message, json!({ "statusType": "SENT" })).await.ok();
        assert_eq!(sent["status"], json!({ "statusType": "SENT" }));
    }
    let now = it.caller.simulator.now();
    let reply = update(&published, json!({ "statusType": "LOST" })).await;
    assert_eq!(reply.problem(), "statusType: expected SENT, FAILED or READ");
    let reply = update(&incoming, json!({ "statusType": "READ" })).await;
    assert_eq!(reply.problem(), "statusType: only outgoing messages are delivered");
    assert_eq!(it.caller.simulator.now(), now, "a rejected update is not a write");

    let path = [("channelId", "1118204"), ("messageId", id(&published))];
    assert_eq!(it.caller.get(GetCustomChannelMessage, &path, &[]).await.status, 404);
    let reply = it.caller.write(UpdateCustomChannelMessage, &path, &[], json!({})).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn a_message_with_something_wrong_is_refused_and_changes_nothing() {
    let it = Channel::by_address().await;
    let counts = it.caller.simulator.counts();
    let senders = json!([participant(OPAQUE, "u-1")]);
    for (fields, problem) in [
        (json!({ "text": "" }), "text: expected some text"),
        (
            json!({ "messageDirection": "SIDEWAYS" }),
            "messageDirection: expected INCOMING or OUTGOING",
        ),
        (json!({ "senders": [] }), "senders: expected at least one"),
        (
            json!({ "senders": [participant("FAX", "1")] }),
            "senders[0].deliveryIdentifier.type: expected CHANNEL_SPECIFIC_OPAQUE_ID, \
             HS_EMAIL_ADDRESS, HS_PHONE_NUMBER or HS_SHORT_CODE",
        ),
        (
            json!({ "recipients": [{ "deliveryIdentifier": { "type": OPAQUE, "value": "x" }, "senderActorId": "A-1" }] }),
            "recipients: no such actor, or one of the other side",
        ),
        (
            json!({ "channelAccountId": "99120" }),
            "channelAccountId: no such account of this channel",
        ),
        (json!({ "associateWithContactId": 1 }), "associateWithContactId: no such contact"),
        (
            json!({ "preResolvedContacts": { "contacts": [{ "contactVid": 1, "contactPropertiesLeadingToMatch": [] }] } }),
            "preResolvedContacts: no such contact",
        ),
        (
            json!({ "senders": [participant(OPAQUE, "")] }),
            "senders: expected a value of the delivery identifier",
        ),
        (
            json!({ "attachments": [{ "type": "HOLOGRAM" }] }),
            "attachments[0].type: expected FILE, LOCATION, CONTACT, UNSUPPORTED_CONTENT, \
             MESSAGE_HEADER, QUICK_REPLIES or SOCIAL_MEDIA_METADATA",
        ),
        (
            json!({ "attachments": [{ "type": "FILE", "fileId": "https://example.com/a.png" }] }),
            "attachments: expected the id of a file in the file manager",
        ),
    ] {
        let mut all = json!({ "senders": senders });
        all.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        assert_eq!(it.publish("INCOMING", all).await.problem(), problem);
    }
    let reply = it.publish("INCOMING", json!({ "text": "" })).await;
    assert_eq!(
        reply.json["errors"].as_array().unwrap().len(),
        2,
        "all are reported: {}",
        reply.text
    );
    let reply = it.publish("OUTGOING", json!({})).await;
    assert_eq!(reply.problem(), "recipients: expected at least one, to begin a thread with");
    assert_eq!(it.caller.simulator.counts(), counts);
}

#[tokio::test]
async fn the_same_requests_give_the_same_ids() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let it = Channel::by_address().await;
        let token = it.caller.simulator.staging_token(&it.channel, INBOX);
        let message = it.incoming(EMAIL, "new@example.com").await;
        runs.push((it.get().await, it.account.clone(), token, message));
    }
    assert_eq!(runs[0], runs[1]);
}
