//! The topics of the threads, and their texts.
//!
//! `{order}` is replaced by an order number, and `{name}` by the visitor's given name.

use fastrand::Rng;

/// A subject, and texts about it.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) subject: &'static str,
    pub(crate) opening: &'static str,
    visitor: &'static [&'static str],
    agent: &'static [&'static str],
    notes: &'static [&'static str],
}

static TOPICS: [Topic; 8] = [
    Topic {
        subject: "Parcel {order} has not arrived",
        opening: "My parcel {order} should have been here on Tuesday. The tracking page has said \"in transit\" ever since. Where is it?",
        visitor: &[
            "The neighbours do not have it either.",
            "The tracking page now says it went back to the depot?",
            "It is here! The box is a bit crushed, but everything inside is fine.",
        ],
        agent: &[
            "I have asked the carrier to look for {order} and will write as soon as they answer.",
            "The carrier found it at the depot. It goes out again tomorrow morning.",
            "I am sorry for the wait, {name}. Shall we send a second parcel in the meantime?",
        ],
        notes: &[
            "Carrier says the label was unreadable. Third time this month.",
            "Offered a second parcel. If both arrive, the customer may keep both.",
        ],
    },
    Topic {
        subject: "Invoice for order {order}",
        opening: "Our bookkeeping needs the invoice for {order} with the VAT number on it. Can you send a corrected one?",
        visitor: &[
            "The number is still missing on page two.",
            "Perfect, that is the one. Thank you!",
            "Could all further invoices go to the same address?",
        ],
        agent: &[
            "The corrected invoice is attached.",
            "I have added the VAT number to your account, so all further invoices will have it.",
            "You are right, {name}, page two was left out. Here is the whole document.",
        ],
        notes: &[
            "VAT number checked, valid.",
            "Invoice template leaves page two without the header. Told billing.",
        ],
    },
    Topic {
        subject: "Cannot sign in any more",
        opening: "Since this morning the sign-in page sends me in circles: I enter the code, and it asks for the code again.",
        visitor: &[
            "Same in a private window. Different phone, same result.",
            "I use the authenticator app, not text messages.",
            "Now it works! What was it?",
        ],
        agent: &[
            "Could you try it once in a private window, {name}?",
            "The clock of your phone seems to be four minutes off, which makes the codes invalid.",
            "I have reset the second factor. You will be asked to set it up again.",
        ],
        notes: &[
            "Looks like the clock skew problem again.",
            "Identity checked by phone before the reset.",
        ],
    },
    Topic {
        subject: "Question about the team plan",
        opening: "We are 14 people and think about the team plan. Is there a discount if we pay for a year, and can we add people later?",
        visitor: &[
            "Do part-time people count as full seats?",
            "Sounds good – I will take it to my manager.",
            "Could you put that into an offer until Friday?",
        ],
        agent: &[
            "Paid for a year it is two months free, and seats can be added on any day.",
            "I have attached the offer. It is good for thirty days.",
            "Shall we have a short call about it, {name}?",
        ],
        notes: &["Decision in March. Call again then.", "Compares us with two others."],
    },
    Topic {
        subject: "Return of order {order}",
        opening: "The jacket from {order} is one size too small. How do I send it back, and can I have the larger one instead?",
        visitor: &[
            "The return label shows an old address. Can I just cross it out?",
            "It is in the post since today ✉️",
            "When will the money be back on my card?",
        ],
        agent: &[
            "Here is a return label. The larger one is reserved for you.",
            "We have it back, thank you. The larger one leaves the house today.",
            "Refunds take three to five working days, depending on your bank.",
        ],
        notes: &["Size chart of this model is wrong.", "Waive the return fee, long-time customer."],
    },
    Topic {
        subject: "Sync stops half way",
        opening: "The nightly sync stops half way with \"0 of 17 records\". Nothing changed on our side.",
        visitor: &[
            "I turned on the detailed log, see below.",
            "It ran through last night, but took three hours instead of twenty minutes.",
            "Is there a way to start it from the middle?",
        ],
        agent: &[
            "Thanks for the log, {name}. The connection breaks after exactly one hour: that is our limit, not yours.",
            "We have raised the limit for your account. Could you watch tonight's run?",
            "From the next version on it goes on where it stopped.",
        ],
        notes: &["Engineering knows, ticket is linked.", "Customer has 40k records, not 4k."],
    },
    Topic {
        subject: "Wrong colour in order {order}",
        opening: "I ordered the blue lamp and got a green one (order {order}). It is nice, but it is not blue.",
        visitor: &[
            "Here is a picture of the label, it does say blue.",
            "If it is cheaper I would keep the green one 🙂",
            "Deal!",
        ],
        agent: &[
            "That is a mix-up in the warehouse. Would you like to swap it or keep it for less?",
            "I have refunded a fifth of the price. Enjoy the green lamp, {name}!",
            "Thank you for the picture, that helps us to find the rest of the batch.",
        ],
        notes: &["Whole batch is labelled wrong.", "Refund approved."],
    },
    Topic {
        subject: "Feedback on the new booking page",
        opening: "The new booking page is quicker, but I cannot go back a step without losing what I typed.",
        visitor: &[
            "On the phone it is the same.",
            "And the font is very small, by the way.",
            "Happy to try it out before you release it.",
        ],
        agent: &[
            "Thank you, {name}! I have passed it on to those who build it.",
            "They found it: it is fixed in the next release.",
            "May we write to you again when there is something to try?",
        ],
        notes: &["Fourth report about the back button.", "Good candidate for the beta group."],
    },
];

static SPAM: Topic = Topic {
    subject: "Your website could rank higher",
    opening: "Dear website owner, we found 27 errors on your page and can bring you to the top within days.",
    visitor: &[
        "Did you get my last message?",
        "Only this week: half the price for twice the links.",
    ],
    agent: &[],
    notes: &[],
};

/// The number of texts in each of the following lists.
pub(crate) const FILLERS: usize = 6;

static VISITOR_FILLERS: [&str; FILLERS] = [
    "Any news?",
    "Thanks for the quick answer!",
    "Sorry, I was away for a few days. Yes, please go ahead.",
    "One more thing: can you tell me when somebody can be reached by phone?",
    "That did not help, I am afraid.",
    "Great, thank you.",
];

static AGENT_FILLERS: [&str; FILLERS] = [
    "Thank you for waiting, {name}. I am still on it.",
    "I have passed this on to a colleague who knows it better.",
    "Does that answer your question?",
    "We can be reached from 9 to 17 on working days.",
    "Could you send me a picture of it?",
    "You are welcome! Write again any time.",
];

static NOTE_FILLERS: [&str; FILLERS] = [
    "Waiting for the customer.",
    "Called, nobody answered. Trying again tomorrow.",
    "Please keep an eye on this one while I am away.",
    "See the thread of last week, same person.",
    "Checked with the warehouse, they know.",
    "Nothing to do for us any more, leaving it open until Friday.",
];

impl Topic {
    pub(crate) fn any(random: &mut Rng) -> &'static Self {
        &TOPICS[random.usize(..TOPICS.len())]
    }

    pub(crate) fn spam() -> &'static Self {
        &SPAM
    }
}

/// The texts of a thread, in order.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) visitor: Speaker,
    pub(crate) agent: Speaker,
    pub(crate) notes: Speaker,
}

impl Lines {
    /// The texts of a topic. The fillers after them begin at an offset, so that threads differ.
    pub(crate) fn of(topic: &Topic, offset: usize) -> Self {
        Self {
            visitor: Speaker { own: topic.visitor, fillers: &VISITOR_FILLERS, used: 0, offset },
            agent: Speaker { own: topic.agent, fillers: &AGENT_FILLERS, used: 0, offset },
            notes: Speaker { own: topic.notes, fillers: &NOTE_FILLERS, used: 0, offset },
        }
    }
}

/// The texts of one side: first those on the topic, then fillers, repeatedly.
#[derive(Debug)]
pub(crate) struct Speaker {
    own: &'static [&'static str],
    fillers: &'static [&'static str; FILLERS],
    used: usize,
    offset: usize,
}

impl Speaker {
    pub(crate) fn next(&mut self) -> &'static str {
        let line = match self.own.get(self.used) {
            Some(line) => line,
            None => self.fillers[(self.used + self.offset) % FILLERS],
        };
        self.used += 1;
        line
    }
}
