package org.caravanmta.submission;

import org.caravanmta.address.Origin;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.message.MessageLimits;

/// What posted mail is completed with, and how much of it is taken.
///
/// @param hostname our name, in `Received:` and `Message-Id:`
/// @param origin completes addresses without a domain
/// @param limits what a message may be
/// @param content which bodies travel in the queues
public record CollectionTerms(
    String hostname, Origin origin, MessageLimits limits, ContentSettings content) {}
