package org.caravanmta.domain;

import java.net.InetAddress;
import java.util.List;
import org.caravanmta.table.NetworkPattern;

/// The section `networks`: where our own clients are, and where we are ourselves.
public record NetworkSettings(List<NetworkPattern> own, List<InetAddress> outside) {}
