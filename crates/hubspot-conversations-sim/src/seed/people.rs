//! The actors: the team, its programs, and its contacts.

use std::collections::BTreeMap;

use fastrand::Rng;
use hubspot_conversations_api::types::{
    Actor, ActorId, AgentActor, BotActor, DeliveryIdentifierType, EmailActor, IntegratorActor,
    LlmActor, NewDeliveryIdentifier, SystemActor, VisitorActor,
};

use crate::account::addresses::{Address, AddressBook};
use crate::account::{channel_ids, history_events};

const GIVEN_NAMES: [&str; 24] = [
    "Amara", "Bjarne", "Chiara", "Dilan", "Edda", "Farid", "Greta", "Hugo", "Inès", "Jonas",
    "Kaya", "Liam", "Mei", "Noor", "Oskar", "Priya", "Quinn", "Rosa", "Sven", "Tomás", "Uma",
    "Vera", "Wanda", "Yusuf",
];

const FAMILY_NAMES: [&str; 24] = [
    "Abbott",
    "Brandt",
    "Castell",
    "Duarte",
    "Eklund",
    "Fontaine",
    "Galloway",
    "Hartwig",
    "Ivers",
    "Jansen",
    "Kerr",
    "Lindholm",
    "Marsh",
    "Novak",
    "Okafor",
    "Pryce",
    "Quist",
    "Rowan",
    "Sørensen",
    "Tanaka",
    "Ulrich",
    "Vance",
    "Whitlock",
    "Zeller",
];

const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// A program that writes into threads, other than the one that uses the API.
const ORDER_SYNC: &str = "I-884120";
pub(crate) const BOT: &str = "B-41733";
pub(crate) const CUSTOMER_AGENT: &str = "L-7";

const AGENTS: usize = 6;

/// A member of the team.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: ActorId,
    pub(crate) name: String,
    pub(crate) email: String,
}

/// A person who writes to the team.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) id: u64,
    pub(crate) given_name: &'static str,
    pub(crate) name: String,
    pub(crate) email: String,
    phone: String,
    opaque_id: String,
    /// Whether the contact is an anonymous visitor, without name and addresses.
    pub(crate) anonymous: bool,
}

impl Contact {
    pub(crate) fn actor_id(&self) -> ActorId {
        format!("V-{}", self.id).into()
    }

    /// Another e-mail address of the person, which HubSpot does not connect to the contact.
    pub(crate) fn second_address(&self) -> String {
        self.email.replace('@', "+home@")
    }

    pub(crate) fn identifier(&self, channel: u64) -> NewDeliveryIdentifier {
        let (type_, value) = match channel {
            channel_ids::EMAIL | channel_ids::FORMS => {
                (DeliveryIdentifierType::HsEmailAddress, &self.email)
            }
            channel_ids::WHATSAPP => (DeliveryIdentifierType::HsPhoneNumber, &self.phone),
            _ => (DeliveryIdentifierType::ChannelSpecificOpaqueId, &self.opaque_id),
        };
        NewDeliveryIdentifier::new(type_, value.clone())
    }
}

/// All agents and contacts.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) agents: Vec<Agent>,
    pub(crate) contacts: Vec<Contact>,
}

impl People {
    /// A team, and fewer contacts than threads, so that some have several threads.
    pub(crate) fn invent(random: &mut Rng, threads: usize) -> Self {
        let agents = (0..AGENTS).map(|index| agent(random, index)).collect();
        let mut id = 860;
        let contacts = (0..threads * 3 / 5 + 1)
            .map(|index| {
                id += random.u64(1..60);
                contact(random, id, index)
            })
            .collect();
        Self { agents, contacts }
    }

    pub(crate) fn actors(&self) -> BTreeMap<ActorId, Actor> {
        let agents = self.agents.iter().map(|agent| {
            let mut actor = AgentActor::new(agent.id.clone());
            actor.name = Some(agent.name.clone());
            actor.email = Some(agent.email.clone());
            actor.avatar = Some(avatar(&agent.id));
            Actor::from(actor)
        });
        let visitors = self.contacts.iter().map(|contact| {
            let mut actor = VisitorActor::new(contact.actor_id());
            if !contact.anonymous {
                actor.name = Some(contact.name.clone());
                actor.email = Some(contact.email.clone());
                actor.avatar = Some(avatar(&actor.id));
            }
            Actor::from(actor)
        });
        let addresses = self.contacts.iter().map(|contact| {
            let address = contact.second_address();
            let mut actor = EmailActor::new(format!("E-{address}").into());
            actor.email = Some(address);
            Actor::from(actor)
        });
        let all = agents.chain(visitors).chain(addresses).chain(programs());
        all.filter_map(|actor| Some((actor.id()?.clone(), actor))).collect()
    }

    /// Adds the contacts' e-mail addresses and phone numbers.
    pub(crate) fn add_addresses(&self, addresses: &mut AddressBook) {
        for contact in &self.contacts {
            for channel in [channel_ids::EMAIL, channel_ids::WHATSAPP] {
                let address = Address::new(channel, &contact.identifier(channel));
                addresses.add(address, contact.actor_id());
            }
        }
    }
}

pub(crate) fn order_sync() -> ActorId {
    ORDER_SYNC.into()
}

fn programs() -> [Actor; 5] {
    let mut app = IntegratorActor::new(history_events::app());
    app.name = Some("Your app".to_owned());
    let mut order_sync = IntegratorActor::new(ORDER_SYNC.into());
    order_sync.name = Some("Order sync".to_owned());
    order_sync.avatar = Some(avatar(&order_sync.id));
    let mut bot = BotActor::new(BOT.into());
    bot.name = Some("Welcome bot".to_owned());
    bot.avatar = Some(avatar(&bot.id));
    let mut customer_agent = LlmActor::new(CUSTOMER_AGENT.into());
    customer_agent.name = Some("Customer agent".to_owned());
    let system = SystemActor::new(history_events::HUBSPOT.into());
    [app.into(), order_sync.into(), bot.into(), customer_agent.into(), system.into()]
}

fn agent(random: &mut Rng, index: usize) -> Agent {
    let given_name = GIVEN_NAMES[(index * 5 + random.usize(..5)) % GIVEN_NAMES.len()];
    let family_name = FAMILY_NAMES[random.usize(..FAMILY_NAMES.len())];
    Agent {
        id: format!("A-{}", 2_620_018 + index * 37).into(),
        name: format!("{given_name} {family_name}"),
        email: format!("{}@example.com", ascii(given_name)),
    }
}

fn contact(random: &mut Rng, id: u64, index: usize) -> Contact {
    let given_name = GIVEN_NAMES[random.usize(..GIVEN_NAMES.len())];
    let family_name = FAMILY_NAMES[random.usize(..FAMILY_NAMES.len())];
    let domain = DOMAINS[random.usize(..DOMAINS.len())];
    Contact {
        id,
        given_name,
        name: format!("{given_name} {family_name}"),
        email: format!("{}.{}{id}@{domain}", ascii(given_name), ascii(family_name)),
        // 07700 900000 to 900999 are reserved for fiction.
        phone: format!("+447700900{:03}", random.u16(..1000)),
        opaque_id: format!("{:032x}", random.u128(..)),
        anonymous: index % 6 == 5,
    }
}

fn avatar(id: &ActorId) -> String {
    format!("https://avatars.example.com/{id}.png")
}

fn ascii(name: &str) -> String {
    name.to_lowercase().replace('è', "e").replace('á', "a").replace('ø', "o")
}
