package org.caravanmta.web;

/// What there is to read at a {@link WebServer}. May block; asked by several threads.
@FunctionalInterface
public interface WebPages {
  WebPage at(WebRequest request);
}
