//! Attachments of published messages.

use hubspot_conversations_api::types::{
    Attachment, FileAttachment, FileUsageType, PublishedAttachment, QuickRepliesAttachment,
};

use crate::account::from_sent;

/// The attachment as the history contains it, or the problem with it.
pub(crate) fn read(new: PublishedAttachment) -> Result<Attachment, &'static str> {
    Ok(match new {
        PublishedAttachment::File(new) => {
            if new.file_id.as_str().contains("://") {
                return Err("expected the id of a file in the file manager");
            }
            let mut file = FileAttachment::new();
            file.file_id = Some(new.file_id);
            file.file_usage_type = new.file_usage_type.or(Some(FileUsageType::Other));
            file.into()
        }
        PublishedAttachment::QuickReplies(new) => {
            let mut replies = QuickRepliesAttachment::new();
            replies.quick_replies =
                new.quick_replies.iter().filter_map(from_sent::through_json).collect();
            replies.allow_multi_select = Some(false);
            replies.allow_user_input = Some(true);
            replies.into()
        }
        PublishedAttachment::Unrecognized(_) => return Err("unknown type"),
        // The history contains the others as they were sent.
        sent => from_sent::through_json(&sent).ok_or("cannot be read")?,
    })
}
