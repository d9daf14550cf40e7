/**
 * One kept-alive HTTP/1.1 connection that sends bytes made beforehand and reads answers. Nothing more, so that the load
 * generator takes little of the processor that it shares with the subgraphs.
 */
import { connect, type Socket } from "node:net";

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

type Settle = (answer: Answer | Error) => void;

const HEAD_END = Buffer.from("\r\n\r\n");
const LINE_END = Buffer.from("\r\n");

export class Connection {
  readonly #socket: Socket;
  #settle: Settle | undefined;
  #unread: Buffer = Buffer.alloc(0);
  #status = 0;
  /** Bytes of body that are still to come, of the whole or of the present chunk; undefined before the head is read. */
  #missing: number | undefined;
  #chunked = false;
  #body: Buffer[] = [];

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => this.#read(chunk));
    socket.on("error", (error) => this.#end(error));
    socket.on("close", () => this.#end(new Error("the connection was closed")));
  }

  static async open(port: number, host: string): Promise<Connection> {
    const socket = connect({ port, host, noDelay: true });
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new Connection(socket);
  }

  /** Sends one request, once the one before has been answered; `settle` is called with its answer or what broke. */
  send(bytes: Buffer, settle: Settle): void {
    this.#settle = settle;
    if (this.#socket.destroyed) this.#end(new Error("the connection was closed"));
    else this.#socket.write(bytes);
  }

  close(): void {
    this.#socket.destroy();
  }

  #end(outcome: Answer | Error): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }

  #read(chunk: Buffer): void {
    this.#unread = this.#unread.length === 0 ? chunk : Buffer.concat([this.#unread, chunk]);
    if (this.#missing === undefined && !this.#readHead()) return;
    if (this.#chunked ? this.#readChunks() : this.#readBody()) this.#complete();
  }

  #readHead(): boolean {
    const end = this.#unread.indexOf(HEAD_END);
    if (end === -1) return false;
    const head = this.#unread.toString("latin1", 0, end).toLowerCase();
    this.#unread = this.#unread.subarray(end + HEAD_END.length);
    this.#status = Number(head.slice(9, 12));
    this.#chunked = head.includes("\r\ntransfer-encoding: chunked");
    this.#missing = this.#chunked ? 0 : Number(/\r\ncontent-length: *(\d+)/.exec(head)?.[1] ?? 0);
    return true;
  }

  #readBody(): boolean {
    this.#take();
    return this.#missing === 0;
  }

  #readChunks(): boolean {
    for (;;) {
      if (this.#missing !== 0) {
        this.#take();
        if (this.#missing !== 0) return false;
      }
      // Between two chunks stands the end of the one before, and a line with the size of the next.
      const from = this.#body.length === 0 ? 0 : LINE_END.length;
      const end = this.#unread.indexOf(LINE_END, from);
      if (end === -1) return false;
      const size = Number.parseInt(this.#unread.toString("latin1", from, end), 16);
      if (size === 0) {
        if (this.#unread.length < end + HEAD_END.length) return false;
        this.#unread = this.#unread.subarray(end + HEAD_END.length);
        return true;
      }
      this.#unread = this.#unread.subarray(end + LINE_END.length);
      this.#missing = size;
    }
  }

  #take(): void {
    const part = this.#unread.subarray(0, this.#missing);
    if (part.length === 0) return;
    this.#body.push(part);
    this.#unread = this.#unread.subarray(part.length);
    this.#missing = (this.#missing ?? 0) - part.length;
  }

  #complete(): void {
    const body = this.#body.length === 1 ? (this.#body[0] as Buffer) : Buffer.concat(this.#body);
    this.#body = [];
    this.#missing = undefined;
    this.#end({ status: this.#status, body });
  }
}
