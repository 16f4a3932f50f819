//! What comes with a published message.

use hubspot_conversations_api::types::{
    Attachment, FileAttachment, FileUsageType, PublishedAttachment, QuickRepliesAttachment,
};

use crate::answered;

/// The attachment as it stands in the history, or what is wrong with it.
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
            replies.quick_replies = new.quick_replies.iter().filter_map(answered::same).collect();
            replies.allow_multi_select = Some(false);
            replies.allow_user_input = Some(true);
            replies.into()
        }
        PublishedAttachment::Unrecognized(_) => return Err("unknown type"),
        // The others are answered as they were sent.
        sent => answered::same(&sent).ok_or("cannot be read")?,
    })
}
