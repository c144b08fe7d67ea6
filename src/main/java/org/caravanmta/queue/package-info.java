/// The queues between stages: the Camel component `artemis`, and the broker that keeps them, which
/// lives in this process or elsewhere. The only packages that know Artemis. Each imports those
/// below it: `camel` (the component), `reader` (what takes messages), `spi` (what a broker is);
/// beside them `embedded` and `remote` (the two brokers, of which the root chooses one) and `admin`
/// (what the operator does), which import `spi` alone.
///
/// *Place:* between any two stages. `to: artemis:NAME` puts what the route has made on a queue,
/// `from: artemis:NAME` takes it off; `exchangePattern=InOut` puts a question to a stage and goes
/// on with the answer.
///
/// *Decides:* nothing about mail, only that it is never lost on the way. Outside of a stage a send
/// is done when the journal has it. Inside of one, what the route sends and the message it took are
/// one transaction, and only a route that succeeded sends anything.
///
/// *When it cannot tell:* a send without a confirmation has failed ({@link
/// org.caravanmta.queue.spi.QueueUnavailable}), although the message may come through after all; a
/// question without an answer gets the one that the route declares. What cannot be read, or breaks
/// a route that does not handle it, is set aside on `dead` with the reason; what a newer program
/// has written stays on its queue for one that reads it, and holds up nothing after it.
///
/// *A broker elsewhere that is away* keeps nobody waiting: sends and questions fail at once. What
/// had left when a connection broke is sent again over the next, with a number by which the broker
/// takes it once. A question goes to this process's own stage first; to another node's again and
/// again while there is no sign of life from there.
///
/// *Who is to blame* when a process ends: a message goes to `dead` only for what was seen to be its
/// own doing. With the broker in this process it is written down which messages are begun that were
/// there at the start; those that were in flight at the end of a life are processed few at a time
/// in the next, and in the end alone (`Solitude`): only what the process has ended on alone, again
/// and again, is to blame. A broker elsewhere counts deliveries for all nodes and all their ends,
/// and nothing is concluded from that. A route that feeds itself ends after 500 stages without a
/// wait in a lane: its message is on `dead`, too.
///
/// *On the wire:* see `routes/examples/README.md` for the properties, and {@link
/// org.caravanmta.message.Wire} for the bytes.
///
/// *Limits:* with a broker elsewhere, a message that ends every process is not found out, and the
/// operator has to delete it; and a question may be answered on two nodes, of which the first
/// counts. A message may be taken twice, when this process or the broker dies between a delivery
/// and its settlement; never less than once. Questions are not kept: a broker that stops forgets
/// them, and the asker's time runs out. What is damaged on the disk is named in the log; a list of
/// queues (`bindings`) that is damaged may keep the broker from starting, until it is put back from
/// a copy.
@NullMarked
package org.caravanmta.queue;

import org.jspecify.annotations.NullMarked;
