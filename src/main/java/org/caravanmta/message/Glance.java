package org.caravanmta.message;

import java.util.Optional;

/// What lists and selectors need of a queued message (postfix `postqueue(1)`): everything but the
/// header section and the body, which are not read.
///
/// @param size in bytes, as {@link Mail#size}
/// @param notice what the sender is to be told, where it is not the message itself that is queued
///   but a {@link Notice} about it; its recipients are then all of the report
public record Glance(Envelope envelope, long size, Optional<Notice.Action> notice) {}
