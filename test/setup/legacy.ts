/**
 * A one-stop system of the kind that many agencies have: HTTP 200 with an error code inside, times as text of day, month
 * and year, dossier codes and agencies in the old spelling, states of its own, slow now and then, sometimes broken.
 */
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export interface LegacyFile {
  so_ho_so: string;
  thu_tuc: string;
  tinh_trang: string;
  ngay_nhan: string;
  ngay_hen: string;
  ngay_xong: string;
  can_bo: { ten: string; chuc_vu: string } | null;
  nhat_ky: { luc: string; tinh_trang: string; noi_dung: string }[];
}

export interface LegacyCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown> | undefined;
}

/** How a call is answered instead of as usual; undefined breaks the connection, a promise makes it slow. */
export type Disturbance = (
  call: LegacyCall,
) => Reply | undefined | "usual" | Promise<Reply | undefined | "usual">;

export interface Reply {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown;
}

export interface TestLegacy {
  readonly url: string;
  readonly files: Map<string, LegacyFile>;
  readonly calls: LegacyCall[];
  /** Calls under way at the same time, at most so far. */
  busiest: number;
  disturb: Disturbance;
  close(): Promise<void>;
}

const PROCEDURES = [
  {
    ma: "1.004222.000.00.00.H56",
    ten: "Đăng ký đấu nối nước sạch",
    nhom: "Cấp nước",
    ngay: "5",
    giay_to: [{ ten: "Đơn đề nghị" }],
  },
  {
    ma: "1.001193.000.00.00.H56",
    ten: "Di dời đồng hồ nước",
    nhom: "Cấp nước",
    ngay: "2,5".replace(",", "."),
    giay_to: null,
  },
];

export async function startLegacy(): Promise<TestLegacy> {
  let under = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => void answer());
    const answer = async (): Promise<void> => {
      const text = Buffer.concat(chunks).toString();
      const call: LegacyCall = {
        method: request.method ?? "",
        url: request.url ?? "",
        headers: request.headers,
        body: text === "" ? undefined : (JSON.parse(text) as Record<string, unknown>),
      };
      legacy.calls.push(call);
      legacy.busiest = Math.max(legacy.busiest, ++under);
      const disturbed = await legacy.disturb(call);
      under--;
      if (disturbed === undefined) {
        request.socket.destroy();
        return;
      }
      const { status = 200, headers = {}, body } = disturbed === "usual" ? usual(legacy, call) : disturbed;
      response
        .writeHead(status, { "content-type": "application/json", ...headers })
        .end(body === undefined || typeof body === "string" ? body : JSON.stringify(body));
    };
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const legacy: TestLegacy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files: new Map(),
    calls: [],
    busiest: 0,
    disturb: () => "usual",
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
  return legacy;
}

function usual(legacy: TestLegacy, { method, url, headers, body }: LegacyCall): Reply {
  const { pathname, searchParams } = new URL(url, legacy.url);
  if (headers["x-khoa"] !== "bi-mat") return said(3, "Sai khóa truy cập");
  if (pathname === "/api/thu-tuc") {
    if (headers["if-none-match"] === '"v1"') return { status: 304 };
    return { headers: { etag: '"v1"' }, body: { ma_loi: 0, ket_qua: { danh_sach: PROCEDURES } } };
  }
  if (pathname === "/api/tra-cuu") {
    const codes = (searchParams.get("so") ?? "").split(",");
    const found = codes.flatMap((code) => legacy.files.get(code) ?? []);
    return found.length === 0
      ? said(1, "Không có hồ sơ")
      : { body: { ma_loi: 0, ket_qua: { danh_sach: found } } };
  }
  if (pathname === "/api/danh-sach") {
    const size = Number(searchParams.get("so_dong"));
    const until = readTime(searchParams.get("den") ?? "");
    const all = [...legacy.files.values()]
      .filter((file) => readTime(file.ngay_nhan) <= until)
      .toSorted((a, b) => readTime(b.ngay_nhan) - readTime(a.ngay_nhan));
    const page = Number(searchParams.get("trang"));
    return { body: { ma_loi: 0, ket_qua: { danh_sach: all.slice((page - 1) * size, page * size) } } };
  }
  if (pathname === "/api/ho-so" && method === "POST") {
    const { so, thu_tuc, nhan, hen } = body as Record<"so" | "thu_tuc" | "nhan" | "hen", string>;
    if (legacy.files.has(so)) return said(2, "Hồ sơ đã có");
    legacy.files.set(so, {
      so_ho_so: so,
      thu_tuc,
      tinh_trang: "moi",
      ngay_nhan: nhan,
      ngay_hen: hen,
      ngay_xong: "",
      can_bo: null,
      nhat_ky: [{ luc: nhan, tinh_trang: "moi", noi_dung: "" }],
    });
    return { body: { ma_loi: 0 } };
  }
  const file = legacy.files.get(decodeURIComponent(pathname.slice("/api/ho-so/".length)));
  if (file === undefined) return said(1, "Không có hồ sơ");
  const { tinh_trang, luc, ghi_chu } = body as Record<"tinh_trang" | "luc" | "ghi_chu", string>;
  if (ghi_chu === "cấm") return said(4, "Không được phép");
  file.tinh_trang = tinh_trang;
  file.nhat_ky.unshift({ luc, tinh_trang, noi_dung: ghi_chu });
  if (["xong", "rut", "tu_choi"].includes(tinh_trang)) file.ngay_xong = luc;
  return { body: { ma_loi: 0 } };
}

/** HTTP 200 whatever happens. */
function said(code: number, message: string): Reply {
  return { body: { ma_loi: code, thong_bao: message } };
}

function readTime(text: string): number {
  const [, day, month, year, time] = /^(\d\d)\/(\d\d)\/(\d{4}) (.+)$/.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${time}+07:00`);
}

/** The mapping of this system, as a file would hold it. */
export const LEGACY_MAPPING = {
  system: "Phần mềm một cửa của công ty cấp nước",
  baseUrl: "${LEGACY_URL}/api",
  headers: { "x-khoa": "${LEGACY_KEY}" },
  timeoutMs: 1_000,
  parallel: 2,
  dates: "dd/MM/yyyy HH:mm:ss",
  dossierCodes: "reversed",
  outcome: {
    code: "ma_loi",
    message: "thong_bao",
    codes: { "0": "ok", "1": "missing", "2": "exists", "3": "failed", "4": "refused", "9": "busy" },
  },
  procedures: {
    list: { method: "GET", path: "/thu-tuc", rows: "ket_qua.danh_sach" },
    cacheSeconds: 0,
    fields: {
      code: "ma",
      name: "ten",
      field: "nhom",
      level: { value: "PROVINCE" },
      statutoryDays: "ngay",
      committedDays: "ngay",
      fee: { value: 0 },
      onlineLevel: { value: "FULL" },
      oneStopKind: { value: "ONE_STOP" },
      decision: { value: "12/QĐ-CN" },
      issuedOn: { value: "01/06/2025 00:00:00" },
      validFrom: { value: "01/07/2025 00:00:00" },
    },
    documents: { rows: "giay_to", fields: { name: "ten" } },
  },
  cases: {
    byCodes: { method: "GET", path: "/tra-cuu?so={dossierCodes}", rows: "ket_qua.danh_sach", batch: 3 },
    list: {
      method: "GET",
      path: "/danh-sach?den={until}&trang={page}&so_dong={size}",
      rows: "ket_qua.danh_sach",
      pageSize: 4,
    },
    states: {
      moi: "REGISTERED",
      nhan: "ACCEPTED",
      lam: "IN_PROGRESS",
      lam_lai: "IN_PROGRESS",
      cho: "AWAITING_SUPPLEMENT",
      rut: "WITHDRAWN",
      xong: "COMPLETED",
    },
    fields: {
      dossierCode: "so_ho_so",
      procedureCode: "thu_tuc",
      state: "tinh_trang",
      receivedAt: "ngay_nhan",
      dueAt: "ngay_hen",
      finishedAt: "ngay_xong",
      officerName: "can_bo.ten",
      officerTitle: "can_bo.chuc_vu",
    },
    events: { rows: "nhat_ky", fields: { at: "luc", to: "tinh_trang", note: "noi_dung" } },
  },
  changes: {
    openCase: {
      path: "/ho-so",
      body: { so: "{dossierCode}", thu_tuc: "{procedureCode}", nhan: "{receivedAt}", hen: "{dueAt}" },
    },
    advanceCase: {
      method: "PUT",
      path: "/ho-so/{dossierCode}",
      body: { tinh_trang: "{state}", luc: "{at}", ghi_chu: "{note}" },
    },
    withdrawCase: {
      method: "PUT",
      path: "/ho-so/{dossierCode}",
      body: { tinh_trang: "{state}", luc: "{at}", ghi_chu: "{note}" },
    },
  },
};
