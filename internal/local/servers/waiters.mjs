// Wakes as many waiting receives of a queue as there is something for. The server's own queue wakes them all whenever a
// message comes or a group is free again; all but one then answer that nothing came, and each is asked anew at once.
export function wakeSparingly(queueClass) {
  const own = queueClass.prototype;
  const { dequeue } = own;

  // How many receives may find something: of a FIFO queue no more than there are groups that are not locked.
  own.receivable = function () {
    if (!this.isFifo()) return this.messages.length;
    let groups = 0;
    for (const [group, messages] of this.fifoMessages) if (messages.length > 0 && !this.fifoLockedGroups.has(group)) groups++;
    return groups;
  };
  own.notifyWaiters = function () {
    if (this.receiving) return;
    for (let n = this.receivable(); n > 0 && this.pollWaiters.length > 0; n--) {
      const waiter = this.pollWaiters.shift();
      clearTimeout(waiter.timer);
      waiter.resolve();
    }
  };
  // A receive looks at the timers first, and what they set free is its own before it is another's.
  own.dequeue = function (...how) {
    this.receiving = true;
    try {
      return dequeue.apply(this, how);
    } finally {
      this.receiving = false;
      this.notifyWaiters();
    }
  };
}
