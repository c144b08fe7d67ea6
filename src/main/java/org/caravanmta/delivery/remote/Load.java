package org.caravanmta.delivery.remote;

import java.time.Duration;

/// The load that a transport may carry at one time, and how destinations share it.
///
/// @param total the most tasks at work for all destinations
/// @param room the most tasks that wait for their turn, for all destinations; one destination may
///   take a place only while it has fewer of them than are free
/// @param longest how long a task waits for its turn
/// @param patience how long a task that finds no room waits before it is turned away: a fast
///   destination has a turn for it by then
/// @param alone whether a destination may take all the room while it is the only one; what finds no
///   place then stays in the queue
public record Load(int total, int room, Duration longest, Duration patience, boolean alone) {}
