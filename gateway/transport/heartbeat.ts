/**
 * Finds out when the other end of a WebSocket has gone without a word.
 */
import { WebSocket } from "ws";

/**
 * Pings, and breaks the connection when the ping before was not answered. Returns how to end that.
 * @param interval milliseconds
 */
export function keepBeating(socket: WebSocket, interval: number): () => void {
  let answered = true;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!answered) {
      socket.terminate();
      return;
    }
    answered = false;
    socket.ping();
  }, interval);
  return () => clearInterval(timer);
}
