package org.caravanmta.story;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// What has arrived, by recipients.
final class Mailbag {
  private final Map<String, List<String>> texts = new ConcurrentHashMap<>();

  void put(String recipient, String text) {
    texts.computeIfAbsent(recipient, _ -> new CopyOnWriteArrayList<>()).add(text);
  }

  List<String> of(String recipient) {
    return texts.getOrDefault(recipient, List.of());
  }
}
