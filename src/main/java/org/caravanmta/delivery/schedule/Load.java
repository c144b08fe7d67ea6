package org.caravanmta.delivery.schedule;

import java.time.Duration;

/// The load that a transport may carry at one time, and how destinations share it.
///
/// @param total the most tasks at work for all destinations
/// @param room the most tasks that wait for their turn, for all destinations; one destination may
///   take a place only while it has fewer of them than are free
/// @param longest how long a task waits for its turn
public record Load(int total, int room, Duration longest) {}
