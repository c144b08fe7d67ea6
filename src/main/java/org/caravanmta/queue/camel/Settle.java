package org.caravanmta.queue.camel;

/// How the messages of a stage are acknowledged: the option `settle` of {@link ArtemisEndpoint}.
public enum Settle {
  BATCH,
  INDIVIDUAL
}
