package org.caravanmta.submission;

import org.caravanmta.address.Origin;
import org.caravanmta.message.ContentSettings;
import org.caravanmta.message.MessageLimits;
import org.caravanmta.message.Verp;

/// What posted mail is completed with, and how much of it is taken.
///
/// @param hostname our name, in `Received:` and `Message-Id:`
/// @param origin completes addresses without a domain
/// @param limits what a message may be
/// @param content which bodies travel in the queues
/// @param verp the variable reverse paths of programs that ask for them and name no delimiters
public record CollectionTerms(
    String hostname, Origin origin, MessageLimits limits, ContentSettings content, Verp verp) {}
