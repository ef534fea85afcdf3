// Keeps queues in a file: a line for every change, written before the change is acknowledged, so that neither the end of
// this process nor of the stack loses what was acknowledged. What was received and not deleted is there again at a start.
import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";

const deduplication = 5 * 60 * 1000; // milliseconds: how long SQS knows a message again
const compactAbove = 16 << 20; // bytes
const compactAfter = 1000; // milliseconds

export class Journal {
  constructor(path) {
    this.path = path;
    this.queues = new Map(); // by name: { arn, attributes }
    this.messages = new Map(); // by message id: { queue, message }, oldest first
    this.known = new Map(); // by queue and deduplication id: { queue, id, messageId, sequenceNumber, at }
    this.unreadable = 0;
    if (existsSync(path)) this.replay();
    this.compact();
  }

  replay() {
    const lines = readFileSync(this.path, "utf8").split("\n");
    // What follows the last line end was cut short by the end of the process, before it was acknowledged.
    lines.pop();
    for (const line of lines) {
      let change;
      try {
        change = JSON.parse(line);
      } catch {
        this.unreadable++;
        continue;
      }
      this.apply(change);
    }
  }

  apply(c) {
    switch (c.change) {
      case "queue":
        this.queues.set(c.name, { arn: c.arn, attributes: c.attributes });
        break;
      case "sent": // or moved from another queue
        this.messages.delete(c.message.messageId);
        this.messages.set(c.message.messageId, { queue: c.queue, message: c.message });
        break;
      case "received": {
        const kept = this.messages.get(c.id);
        if (kept) Object.assign(kept.message, { approximateReceiveCount: c.count, approximateFirstReceiveTimestamp: c.first });
        break;
      }
      case "deleted":
        this.messages.delete(c.id);
        break;
      case "purged":
        for (const [id, kept] of this.messages) if (kept.queue === c.queue) this.messages.delete(id);
        break;
      case "known":
        this.known.set(c.queue + "\n" + c.id, c);
        break;
    }
  }

  // note makes a change durable.
  note(change) {
    this.apply(change);
    const line = JSON.stringify(change) + "\n";
    writeSync(this.file, line);
    this.size += line.length;
    if (this.size > compactAbove && this.size > 4 * this.compacted) this.compact();
    if (change.change === "deleted" || change.change === "purged") this.compactSoon();
  }

  // What was deleted may be personal: soon after the last deletion its text is gone from the file as well.
  compactSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.compact(), compactAfter);
    this.timer.unref();
  }

  // compact writes the file anew with what is there now.
  compact() {
    const oldest = Date.now() - deduplication;
    for (const [key, c] of this.known) if (c.at < oldest) this.known.delete(key);
    const lines = [];
    for (const [name, queue] of this.queues) lines.push({ change: "queue", name, ...queue });
    for (const { queue, message } of this.messages.values()) lines.push({ change: "sent", queue, message });
    lines.push(...this.known.values());
    const text = lines.map((line) => JSON.stringify(line) + "\n").join("");
    writeFileSync(this.path + ".draft", text);
    renameSync(this.path + ".draft", this.path);
    if (this.file !== undefined) closeSync(this.file);
    this.file = openSync(this.path, "a");
    this.size = this.compacted = text.length;
  }

  // keep makes a store's queues those of the journal, and has every change of them noted.
  keep(store, queueClass, url) {
    for (const [name, { arn, attributes }] of this.queues) store.createQueue(name, url(name), arn, attributes);
    for (const { queue, message } of this.messages.values()) {
      const q = store.getQueueByName(queue);
      q.sequenceCounter = Math.max(q.sequenceCounter, Number(message.sequenceNumber ?? 0));
      q.enqueue(message);
    }
    for (const c of this.known.values()) {
      const q = store.getQueueByName(c.queue);
      q.sequenceCounter = Math.max(q.sequenceCounter, Number(c.sequenceNumber ?? 0));
      q.deduplicationCache.set(c.id, { messageId: c.messageId, sequenceNumber: c.sequenceNumber });
    }

    const journal = this;
    const { createQueue } = store;
    store.createQueue = function (name, address, arn, attributes, tags) {
      journal.note({ change: "queue", name, arn, attributes });
      return createQueue.call(this, name, address, arn, attributes, tags);
    };
    const own = queueClass.prototype;
    const { setAttributes, enqueue, dequeue, deleteMessage, purge, recordDeduplication } = own;
    own.setAttributes = function (changed) {
      setAttributes.call(this, changed);
      journal.note({ change: "queue", name: this.name, arn: this.arn, attributes: this.attributes });
    };
    own.enqueue = function (message) {
      journal.note({ change: "sent", queue: this.name, message });
      enqueue.call(this, message);
    };
    own.dequeue = function (...how) {
      const received = dequeue.apply(this, how);
      for (const { ReceiptHandle } of received) {
        const { message } = this.inflightMessages.get(ReceiptHandle);
        journal.note({
          change: "received", id: message.messageId,
          count: message.approximateReceiveCount, first: message.approximateFirstReceiveTimestamp,
        });
      }
      return received;
    };
    own.deleteMessage = function (handle) {
      const entry = this.inflightMessages.get(handle);
      if (entry) journal.note({ change: "deleted", id: entry.message.messageId });
      return deleteMessage.call(this, handle);
    };
    own.purge = function () {
      journal.note({ change: "purged", queue: this.name });
      purge.call(this);
    };
    own.recordDeduplication = function (id, messageId, sequenceNumber) {
      journal.note({ change: "known", queue: this.name, id, messageId, sequenceNumber, at: Date.now() });
      recordDeduplication.call(this, id, messageId, sequenceNumber);
    };
  }
}
