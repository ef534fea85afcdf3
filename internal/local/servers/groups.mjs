// Gives a receive as many messages of a FIFO group as it asks for, in their order, as SQS does. The server's own queue
// gives one, and then waits until it is deleted.
export function receiveWholeGroups(queueClass) {
  const own = queueClass.prototype;
  const { dequeueFifo, processTimers, changeVisibility } = own;

  own.dequeueFifo = function (count, ...how) {
    const received = [];
    const locks = new Map(); // by group: how many messages of it this receive has taken
    for (;;) {
      const before = received.length;
      received.push(...dequeueFifo.call(this, count - before, ...how));
      for (const { ReceiptHandle } of received.slice(before)) {
        const { message } = this.inflightMessages.get(ReceiptHandle);
        locks.set(message.messageGroupId, (locks.get(message.messageGroupId) ?? 0) + 1);
      }
      const enough = received.length === before || received.length >= Math.min(count, 10);
      // What this receive has taken locks a group against others alone, until it has enough.
      for (const [group, taken] of locks) {
        if (enough) this.fifoLockedGroups.set(group, taken);
        else this.fifoLockedGroups.delete(group);
      }
      if (enough) return received;
    }
  };

  // Several messages of a group may come back at once: they stand in their order again.
  const inOrder = (queue) => {
    for (const messages of queue.fifoMessages.values()) messages.sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1));
  };
  own.processTimers = function () {
    const inFlight = this.inflightMessages.size;
    processTimers.call(this);
    if (this.inflightMessages.size < inFlight) inOrder(this);
  };
  own.changeVisibility = function (handle, seconds) {
    changeVisibility.call(this, handle, seconds);
    if (seconds === 0) inOrder(this);
  };
}
