//! The options that set HubSpot's parameters and fields.

use hubspot_conversations::OperationId;

/// The option that sets a parameter or field of the operation, if there is one.
pub(super) fn flag(operation: OperationId, name: &str) -> Option<&'static str> {
    use OperationId as Id;
    // Of a path into the body, the option sets the first part.
    let name = name.split(['.', '[']).next().unwrap_or_default();
    let is_list = matches!(
        operation,
        Id::ListInboxes
            | Id::ListChannels
            | Id::ListChannelAccounts
            | Id::ListThreads
            | Id::ListMessages
            | Id::ListCustomChannels
            | Id::ListCustomChannelAccounts
    );
    let flag = match (operation, name) {
        (_, "property") => "--property",
        (_, "association") => "--association",
        (_, "archived") if operation != Id::UpdateThread => "--archived",
        (_, "limit") if is_list => "--page-size",
        (_, "after") if is_list => "--after",
        (_, "sort") if is_list => "--sort",
        (_, "defaultPageLength") if is_list => "--default-page-length",
        (Id::ListThreads | Id::ListChannelAccounts | Id::CreateCustomChannelAccount, "inboxId") => {
            "--inbox"
        }
        (Id::ListThreads, "threadStatus") => "--status",
        (Id::ListThreads, "associatedContactId") => "--contact",
        (Id::ListThreads, "associatedTicketId") => "--ticket",
        (Id::ListThreads, "latestMessageTimestampAfter") => "--latest-message-after",
        (Id::ListChannelAccounts, "channelId") => "--channel",
        (Id::ListCustomChannelAccounts, "deliveryIdentifierType" | "deliveryIdentifierValue")
        | (Id::CreateCustomChannelAccount | Id::UpdateStagingToken, "deliveryIdentifier") => {
            "--address"
        }
        (Id::SendMessage, "senderActorId") => "--as-agent",
        (Id::SendMessage, "richText") => "--rich-text",
        (Id::SendMessage, "subject") => "--subject",
        (Id::SendMessage, "attachments" | "fileId") => "--attach-id",
        (Id::CreateCustomChannelAccount | Id::UpdateCustomChannelAccount, "authorized") => {
            "--authorized"
        }
        (Id::UpdateCustomChannelAccount | Id::UpdateCustomChannel, "name")
        | (Id::UpdateStagingToken, "accountName") => "--name",
        (Id::CreateVisitorToken, "firstName") => "--first-name",
        (Id::CreateVisitorToken, "lastName") => "--last-name",
        (Id::CreateVisitorToken, "hsCustomerAgentContext") => "--context",
        (Id::CreateCustomChannel | Id::UpdateCustomChannel, name) => match name {
            "webhookUrl" => "--webhook-url",
            "channelDescription" => "--description",
            "channelLogoUrl" => "--logo-url",
            "channelAccountConnectionRedirectUrl" => "--account-connection-redirect-url",
            "capabilities" => "--capabilities",
            "deliveryIdentifierTypes" => "--delivery-identifier-type",
            "richText" => "--rich-text",
            "threadingModel" => "--threading-model",
            "allowInlineImages" => "--allow-inline-images",
            "allowOutgoingMessages" => "--allow-outgoing-messages",
            "allowConversationStart" => "--allow-conversation-start",
            "allowMultipleRecipients" => "--allow-multiple-recipients",
            "outgoingAttachmentTypes" => "--outgoing-attachment-type",
            "allowedFileAttachmentMimeTypes" => "--allowed-file-attachment-mime-type",
            "maxFileAttachmentCount" => "--max-file-attachment-count",
            "maxFileAttachmentSizeBytes" => "--max-file-attachment-size-bytes",
            "maxTotalFileAttachmentSizeBytes" => "--max-total-file-attachment-size-bytes",
            _ => return None,
        },
        _ => return None,
    };
    Some(flag)
}
