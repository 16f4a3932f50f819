//! Every type of the document, by name.

use hubspot_conversations_api::{Page, types::*};
use serde_json::Value;

pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) schema: Value,
    pub(crate) read_and_write: fn(&Value) -> Result<Value, String>,
}

fn ty<T>(name: &'static str) -> Type
where
    T: schemars::JsonSchema + serde::Serialize + serde::de::DeserializeOwned,
{
    Type {
        name,
        schema: schemars::schema_for!(T).to_value(),
        read_and_write: |instance| {
            let value: T = hubspot_conversations_api::from_str(&instance.to_string())
                .map_err(|error| error.to_string())?;
            Ok(serde_json::to_value(value).unwrap())
        },
    }
}

macro_rules! types {
    ($($name:ident)+) => { vec![$(ty::<$name>(stringify!($name))),+] };
}

pub(crate) fn all() -> Vec<Type> {
    let mut all = types![
        AccountToken Actor ActorBatch ActorId ActorIds AgentActor AssignmentMessage Attachment
        BatchError BatchErrorDetail BatchStatus BotActor Channel ChannelAccount ChannelAccountId
        ChannelCapabilities ChannelId ClientType Comment ContactAddress ContactAttachment
        ContactEmail ContactId ContactName ContactOrganization ContactPhone ContactPhoneType
        ContactPointType ContactProfile ContactUrl ConversationsMessage CustomChannel
        CustomChannelAccountUpdate CustomChannelUpdate DeliveryIdentifier DeliveryIdentifierType
        DeliveryStatus DeliveryUpdate EmailActor FileAttachment FileId FileUsageType Inbox InboxId
        InboxType IntegratorActor LlmActor LocationAttachment MediaType Message MessageClient
        MessageDirection MessageFailureDetails MessageHeaderAttachment MessageId MessageStatus
        MessageStatusType NewAttachment NewComment NewConversationsMessage NewCustomChannel
        NewCustomChannelAccount NewFileAttachment NewMessage NewQuickRepliesAttachment
        NewRecipient NewSocialMediaAttachment NewVisitorToken NextPage OriginalContent
        OutgoingAttachmentType Paging Participant PreResolvedContact PreResolvedContacts
        PreviousPage PublishedAttachment PublishedContactAttachment PublishedContactProfile
        PublishedFileAttachment PublishedLocationAttachment PublishedMessage
        PublishedQuickRepliesAttachment QuickRepliesAttachment QuickReply QuickReplyValueType
        Recipient RecipientField RichTextFeature Sender SocialMediaAttachment SocialMetadata
        StagingToken StagingTokenUpdate SystemActor Thread ThreadAssignment ThreadAssociation
        ThreadAssociations ThreadId ThreadInboxChange ThreadStatus ThreadStatusChange ThreadUpdate
        ThreadingModel TicketId TruncationStatus UnsupportedContentAttachment VisitorActor
        VisitorToken WelcomeMessage WhatsAppTemplateAttachment
    ];
    all.extend([
        ty::<Page<Inbox>>("InboxPage"),
        ty::<Page<Channel>>("ChannelPage"),
        ty::<Page<ChannelAccount>>("ChannelAccountPage"),
        ty::<Page<CustomChannel>>("CustomChannelPage"),
        ty::<Page<Thread>>("ThreadPage"),
        ty::<Page<Message>>("MessagePage"),
    ]);
    all
}
