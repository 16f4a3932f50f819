//! Every type of the document, by name.

use hubspot_conversations_api::{Page, types::*};
use serde_json::Value;

/// The value, read and written again, with the places left out; or the place of the error.
type ReadWithLeftOut = Result<(Value, Vec<String>), String>;

pub(crate) struct Type {
    pub(crate) name: &'static str,
    pub(crate) schema: Value,
    pub(crate) read_and_write: fn(&Value) -> Result<Value, String>,
    pub(crate) read_with_left_out: fn(&Value) -> ReadWithLeftOut,
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
        read_with_left_out: |instance| {
            let json = instance.to_string();
            let read = hubspot_conversations_api::from_slice_with_left_out::<T>(json.as_bytes());
            let (value, left_out) = read.map_err(|error| error.path().to_owned())?;
            let places = left_out.iter().map(|place| place.path().to_owned()).collect();
            Ok((serde_json::to_value(value).unwrap(), places))
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
    // The sent form of a type that is also read has the same schema.
    all.extend([
        ty::<NewChannelCapabilities>("ChannelCapabilities"),
        ty::<NewContactAddress>("ContactAddress"),
        ty::<NewContactEmail>("ContactEmail"),
        ty::<NewContactName>("ContactName"),
        ty::<NewContactOrganization>("ContactOrganization"),
        ty::<NewContactPhone>("ContactPhone"),
        ty::<NewContactUrl>("ContactUrl"),
        ty::<NewDeliveryIdentifier>("DeliveryIdentifier"),
        ty::<NewMessageHeaderAttachment>("MessageHeaderAttachment"),
        ty::<NewQuickReply>("QuickReply"),
        ty::<NewSocialMetadata>("SocialMetadata"),
        ty::<NewUnsupportedContentAttachment>("UnsupportedContentAttachment"),
    ]);
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
