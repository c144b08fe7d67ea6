package org.caravanmta.delivery.remote;

import java.time.Duration;

/// How much work a transport does at one time, and how destinations share it.
///
/// @param total tasks at work for all of them
/// @param room tasks that wait for their turn, for all of them; one destination has at most half of
///   what is free of it
/// @param longest how long a task waits there
/// @param patience how long a task that finds no room waits before it is turned away: a fast
///   destination makes some
/// @param alone whether a destination that is the only one may have the whole window: what it does
///   not take stays in the queue
public record Load(int total, int room, Duration longest, Duration patience, boolean alone) {}
