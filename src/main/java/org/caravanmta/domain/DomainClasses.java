package org.caravanmta.domain;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.caravanmta.address.Domain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Domains that the operator has put into two classes (postfix `ADDRESS_CLASS_README`): the first
/// of own, virtual, virtual-mailboxes and relay is the one they are in.
public final class DomainClasses {
  private static final Logger LOG = LoggerFactory.getLogger(DomainClasses.class);

  private DomainClasses() {}

  public static void warn(DomainSettings domains) {
    var first = new TreeMap<String, String>();
    for (var listed :
        List.of(
            Map.entry("domains.own", domains.own()),
            Map.entry("domains.virtual", domains.virtual()),
            Map.entry("domains.virtual-mailboxes", domains.virtualMailboxes()),
            Map.entry("domains.relay", domains.relay()))) {
      for (Domain domain :
          listed.getValue().stream().flatMap(pattern -> pattern.domain().stream()).toList()) {
        String before = first.putIfAbsent(domain.key(), listed.getKey());
        if (before != null && !before.equals(listed.getKey())) {
          LOG.warn(
              "{} is in {} and in {}: the former counts", domain.name(), before, listed.getKey());
        }
      }
    }
  }
}
