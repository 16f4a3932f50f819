//! The capabilities of a custom channel, as options or JSON.

use std::path::PathBuf;

use clap::Args;
use hubspot_conversations::types::{
    ChannelCapabilities, DeliveryIdentifierType, NewChannelCapabilities, OutgoingAttachmentType,
    RichTextFeature, ThreadingModel,
};
use serde_json::Value;

use crate::command_error::CommandError;
use crate::commands::values::one_of;
use crate::json_input;

/// The capabilities of a custom channel.
#[derive(Args, Debug)]
#[command(next_help_heading = "Capabilities")]
pub(crate) struct Capabilities {
    /// Read all capabilities from this JSON file, as HubSpot documents them; `-` reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "CapabilityOptions")]
    capabilities: Option<PathBuf>,

    #[command(flatten)]
    options: Option<CapabilityOptions>,
}

/// Each capability as an option.
#[derive(Args, Debug)]
pub(crate) struct CapabilityOptions {
    /// Type of address that the channel delivers to; can be repeated
    #[arg(
        long,
        value_name = "TYPE",
        ignore_case = true,
        value_parser = one_of!(DeliveryIdentifierType)
    )]
    delivery_identifier_type: Vec<DeliveryIdentifierType>,

    /// Text formatting that the channel supports; can be repeated
    #[arg(
        long,
        value_name = "FEATURE",
        ignore_case = true,
        value_parser = one_of!(RichTextFeature)
    )]
    rich_text: Vec<RichTextFeature>,

    /// How the channel groups messages into threads
    #[arg(
        long,
        value_name = "MODEL",
        ignore_case = true,
        value_parser = one_of!(ThreadingModel)
    )]
    threading_model: Option<ThreadingModel>,

    /// Whether messages can contain inline images
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_inline_images: Option<bool>,

    /// Whether agents can send messages
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_outgoing_messages: Option<bool>,

    /// Whether agents can start a conversation
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_conversation_start: Option<bool>,

    /// Whether a message can have several recipients
    #[arg(
        long,
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true"
    )]
    allow_multiple_recipients: Option<bool>,

    /// Type of attachment that the channel can deliver; can be repeated
    #[arg(
        long,
        value_name = "TYPE",
        ignore_case = true,
        value_parser = one_of!(OutgoingAttachmentType)
    )]
    outgoing_attachment_type: Vec<OutgoingAttachmentType>,

    /// Media type of files that the channel can deliver, such as image/png or image/*; can be repeated
    #[arg(long, value_name = "TYPE")]
    allowed_file_attachment_mime_type: Vec<String>,

    /// Maximum number of files per message
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(0..))]
    max_file_attachment_count: Option<i32>,

    /// Maximum size of a file
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(i64).range(0..))]
    max_file_attachment_size_bytes: Option<i64>,

    /// Maximum total size of the files of a message
    #[arg(long, value_name = "BYTES", value_parser = clap::value_parser!(i64).range(0..))]
    max_total_file_attachment_size_bytes: Option<i64>,
}

impl Capabilities {
    /// The specified capabilities. `None` if no capability is specified.
    pub(super) fn read(self) -> Result<Option<NewChannelCapabilities>, CommandError> {
        match self.capabilities {
            Some(file) => json_input::read(&file, "capabilities").map(Some),
            None => Ok(self.options.map(CapabilityOptions::into)),
        }
    }
}

impl From<CapabilityOptions> for NewChannelCapabilities {
    fn from(options: CapabilityOptions) -> Self {
        let mut capabilities = Self::new();
        capabilities.delivery_identifier_types = options.delivery_identifier_type;
        capabilities.rich_text = options.rich_text;
        capabilities.threading_model = options.threading_model;
        capabilities.allow_inline_images = options.allow_inline_images;
        capabilities.allow_outgoing_messages = options.allow_outgoing_messages;
        capabilities.allow_conversation_start = options.allow_conversation_start;
        capabilities.allow_multiple_recipients = options.allow_multiple_recipients;
        capabilities.outgoing_attachment_types = options.outgoing_attachment_type;
        capabilities.allowed_file_attachment_mime_types = options.allowed_file_attachment_mime_type;
        capabilities.max_file_attachment_count = options.max_file_attachment_count;
        capabilities.max_file_attachment_size_bytes = options.max_file_attachment_size_bytes;
        capabilities.max_total_file_attachment_size_bytes =
            options.max_total_file_attachment_size_bytes;
        capabilities
    }
}

/// One capability per line, by its name in the document.
pub(super) fn as_lines(capabilities: &ChannelCapabilities) -> Option<String> {
    let Ok(Value::Object(capabilities)) = serde_json::to_value(capabilities) else { return None };
    let mut lines: Vec<_> = capabilities
        .iter()
        .map(|(name, value)| match value {
            Value::Array(values) => {
                let values: Vec<_> = values.iter().map(word).collect();
                format!("{name}: {}", values.join(", "))
            }
            value => format!("{name}: {}", word(value)),
        })
        .collect();
    lines.sort_unstable();
    Some(lines.join("\n"))
}

fn word(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
