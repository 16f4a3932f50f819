//! Attachments of messages.

use std::collections::BTreeMap;

use fastrand::Rng;
use hubspot_conversations_api::types::{
    Attachment, ContactAddress, ContactAttachment, ContactEmail, ContactName, ContactOrganization,
    ContactPhone, ContactPhoneType, ContactPointType, ContactProfile, ContactUrl, FileAttachment,
    FileUsageType, LocationAttachment, MediaType, MessageHeaderAttachment, QuickRepliesAttachment,
    QuickReply, QuickReplyValueType, SocialMediaAttachment, SocialMetadata,
    UnsupportedContentAttachment, WhatsAppTemplateAttachment,
};

const FILES: [(&str, FileUsageType); 5] = [
    ("invoice.pdf", FileUsageType::Other),
    ("parcel.jpg", FileUsageType::Image),
    ("call.mp3", FileUsageType::Audio),
    ("thanks.webp", FileUsageType::Sticker),
    ("note.ogg", FileUsageType::VoiceRecording),
];

pub(crate) fn file(random: &mut Rng) -> Attachment {
    let (name, usage) = FILES[random.usize(..FILES.len())].clone();
    let id = random.u64(180_000_000_000..190_000_000_000);
    let mut file = FileAttachment::new();
    file.file_id = Some(id.to_string().into());
    file.file_usage_type = Some(usage);
    file.name = Some(name.to_owned());
    file.url = Some(format!("https://files.example.com/{id}/{name}"));
    file.into()
}

pub(crate) fn location() -> Attachment {
    let mut location = LocationAttachment::new();
    location.latitude = Some(52.5);
    location.longitude = Some(13.25);
    location.name = Some("Pick-up point".to_owned());
    location.address = Some("1 Example Street".to_owned());
    location.url = Some("https://maps.example.com/pick-up".to_owned());
    location.into()
}

pub(crate) fn contact_card() -> Attachment {
    let mut name = ContactName::new();
    name.first_name = Some("Robin".to_owned());
    name.last_name = Some("Example".to_owned());
    let mut org = ContactOrganization::new();
    org.company = Some("Example Couriers".to_owned());
    org.title = Some("Driver".to_owned());
    let mut address = ContactAddress::new();
    address.type_ = Some(ContactPointType::Work);
    address.street = Some("7 Depot Road".to_owned());
    address.city = Some("Sampleton".to_owned());
    address.country_code = Some("GB".to_owned());
    let mut email = ContactEmail::new("robin@example.net".to_owned());
    email.type_ = Some(ContactPointType::Work);
    let mut phone = ContactPhone::new("+447700900321".to_owned());
    phone.type_ = Some(ContactPhoneType::Cell);
    let url = ContactUrl::new("https://couriers.example.net".to_owned());

    let mut profile = ContactProfile::new();
    profile.name = Some(name);
    profile.org = Some(org);
    profile.addresses = vec![address];
    profile.emails = vec![email];
    profile.phones = vec![phone];
    profile.urls = vec![url];
    let mut card = ContactAttachment::new();
    card.contact_profile = Some(profile);
    card.into()
}

pub(crate) fn unsupported() -> Attachment {
    UnsupportedContentAttachment::new().into()
}

/// The attachments of a message from a template.
pub(crate) fn template(contact: u64, given_name: &str) -> Vec<Attachment> {
    let mut header = MessageHeaderAttachment::new();
    header.text = Some("Your delivery".to_owned());
    let mut metadata = WhatsAppTemplateAttachment::new();
    metadata.crm_object_ids = BTreeMap::from([("CONTACT".to_owned(), contact.cast_signed())]);
    metadata.parameters = BTreeMap::from([("1".to_owned(), given_name.to_owned())]);
    metadata.mapped_template_id = Some(70_412);
    metadata.content_id = Some(118_204_556_071);
    vec![header.into(), metadata.into()]
}

pub(crate) fn quick_replies() -> Attachment {
    let reply = |label: &str, value: &str, type_| {
        let mut reply = QuickReply::new(value.to_owned(), type_);
        reply.label = Some(label.to_owned());
        reply
    };
    let mut replies = QuickRepliesAttachment::new();
    replies.quick_replies = vec![
        reply("Talk to somebody", "talk", QuickReplyValueType::Text),
        reply("Read the guide", "https://guide.example.com", QuickReplyValueType::Url),
    ];
    replies.allow_multi_select = Some(false);
    replies.allow_user_input = Some(true);
    replies.into()
}

pub(crate) fn post(random: &mut Rng) -> Attachment {
    let kinds = [MediaType::Photo, MediaType::Video, MediaType::Story, MediaType::Link];
    let mut metadata = SocialMetadata::new(kinds[random.usize(..kinds.len())].clone());
    metadata.id = Some(random.u64(10_000_000..99_999_999).to_string());
    metadata.media_title = Some("New in spring".to_owned());
    metadata.media_url = Some("https://social.example.com/spring".to_owned());
    let mut post = SocialMediaAttachment::new();
    post.social_metadata = Some(metadata);
    post.into()
}
