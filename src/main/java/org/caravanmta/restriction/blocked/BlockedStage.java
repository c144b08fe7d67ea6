package org.caravanmta.restriction.blocked;

import java.time.InstantSource;
import java.util.Map;
import org.caravanmta.control.ControlVerb;
import org.caravanmta.stage.House;
import org.caravanmta.stage.Stage;
import org.caravanmta.state.SenderBlocks;

/// The restriction of senders whom somebody wants no mail from.
public final class BlockedStage implements Stage {
  private final Blocklist list;
  private final BlockedSenders senders;
  private final InstantSource clock;

  public BlockedStage(SenderBlocks blocks, House house) {
    this.list = new Blocklist(blocks, house.clock());
    this.senders = new BlockedSenders(list, house.local().extensions());
    this.clock = house.clock();
  }

  @Override
  public Map<String, Object> beans() {
    return Map.of("blockedSenders", senders);
  }

  /// Where senders are blocked.
  public Blocklist list() {
    return list;
  }

  /// The operator's verbs.
  public Map<String, ControlVerb> verbs() {
    return BlockVerbs.of(list, clock);
  }

  @Override
  public void begin() {
    list.begin();
  }

  @Override
  public void close() {
    list.close();
  }
}
