package org.caravanmta.submission;

import org.caravanmta.address.Origin;

/// What posted mail is completed with, and how much of it is taken.
///
/// @param hostname our name, in `Received:` and `Message-Id:`
/// @param origin completes addresses without a domain
/// @param sizeLimit a larger message is rejected
/// @param headerLimit the largest header section
/// @param hopLimit `Received:` fields from which on a message is taken to loop (RFC 5321 §6.3)
/// @param inlineLimit the largest body that travels in the queues
public record CollectionSettings(
    String hostname,
    Origin origin,
    long sizeLimit,
    int headerLimit,
    int hopLimit,
    int inlineLimit) {}
