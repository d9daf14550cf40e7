/**
 * Gates that a test opens: whoever comes to one waits, and the test can wait until somebody has come.
 */
export interface Gates {
  /** Resolves when the gate is open. */
  readonly pass: (name: string) => Promise<void>;
  /** Shuts a gate; gates are open at first. */
  readonly shut: (name: string) => void;
  readonly open: (name: string) => void;
  readonly openAll: () => void;
  /** Resolves when somebody waits at the gate. */
  readonly reached: (name: string) => Promise<void>;
}

interface Gate {
  readonly opened: Promise<void>;
  readonly open: () => void;
  readonly reached: Promise<void>;
  readonly reach: () => void;
}

export function createGates(): Gates {
  const gates = new Map<string, Gate>();
  function gate(name: string): Gate {
    const known = gates.get(name);
    if (known === undefined) throw new Error(`the gate ${name} is not shut`);
    return known;
  }
  function open(name: string): void {
    gate(name).open();
    gates.delete(name);
  }
  return {
    async pass(name) {
      const shut = gates.get(name);
      shut?.reach();
      await shut?.opened;
    },
    shut(name) {
      const { promise: opened, resolve: openIt } = Promise.withResolvers<void>();
      const { promise: reached, resolve: reach } = Promise.withResolvers<void>();
      gates.set(name, { opened, open: openIt, reached, reach });
    },
    open,
    openAll() {
      for (const name of gates.keys()) open(name);
    },
    reached: (name) => gate(name).reached,
  };
}
