/**
 * The power company's customer software: what stands behind the subgraph in the sample province. It speaks as the national
 * exchange does: one address, the service named in the envelope, HTTP 200 whatever happens, and an `error_code` inside.
 */
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { z } from "zod";
import type { Database } from "../../../process/database.ts";
import type { Logger } from "../../../process/log.ts";
import * as sql from "./sql.ts";
import { LEGACY_STATES, type LegacyState } from "./states.ts";

export interface LegacyOptions {
  readonly database: Database;
  /** What every caller must send as `session`. */
  readonly session: string;
  readonly log: Logger;
}

export interface LegacyServer {
  readonly url: string;
  close(): Promise<void>;
}

type Answer = { readonly error_code: string; readonly message?: string; readonly data?: readonly unknown[] };

const OK = { error_code: "0" };
const WRONG_SESSION: Answer = { error_code: "01", message: "Phiên làm việc không hợp lệ" };
const UNKNOWN_FILE: Answer = { error_code: "04", message: "Không tìm thấy hồ sơ" };
const FILE_EXISTS: Answer = { error_code: "05", message: "Hồ sơ đã tồn tại" };
const WRONG_DATA = "07";
const SYSTEM_ERROR: Answer = { error_code: "99", message: "Lỗi hệ thống" };

const BODY_LIMIT = 1024 * 1024;
const FILES_AT_ONCE = 100;

const time = z.string().regex(/^\d{14}$/);
const optionalText = z
  .string()
  .nullish()
  .transform((text) => text ?? null);
const optionalTime = time.nullish().transform((text) => text ?? null);

const ENVELOPE = z.object({ session: z.string(), service: z.string(), data: z.unknown() });
const CODES = z.array(z.string()).max(FILES_AT_ONCE);
const SEARCH = z.object({
  TuNgay: optionalTime,
  DenNgay: time,
  TrangThai: z
    .array(z.string())
    .nullish()
    .transform((states) => states ?? null),
  MaTTHC: optionalText,
  Trang: z.number().int().min(1),
  SoDong: z.number().int().min(1).max(FILES_AT_ONCE),
});
const FILE = z.object({
  MaHoSo: z.string(),
  MaTTHC: z.string(),
  NgayTiepNhan: time,
  NgayHenTra: time,
  ThoiDiem: time,
  ChuHoSo: optionalText,
  SoDinhDanh: optionalText,
  MaSoThue: optionalText,
});
const PROGRESS = z.object({
  MaHoSo: z.string(),
  TrangThai: z.enum(LEGACY_STATES),
  ThoiDiemXuLy: time,
  NguoiXuLy: optionalText,
  NoiDungXuLy: optionalText,
  NgayHenTra: optionalTime,
  NgayKetThuc: optionalTime,
  GiayTo: z
    .array(z.string())
    .nullish()
    .transform((documents) => documents ?? null),
  LyDoTre: optionalText,
  SoKetQua: optionalText,
  TrichYeu: optionalText,
  KetThucBuoc: optionalText,
  NguoiNhan: optionalText,
  MaGiaoDich: optionalText,
});

/** Listens on a free port of the loopback address. */
export async function serveLegacy(options: LegacyOptions): Promise<LegacyServer> {
  const server = createServer((request, response) => void answer(request, response, options));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: LegacyOptions,
): Promise<void> {
  let said: Answer;
  try {
    said = await perform(await readBody(request), options);
  } catch (error) {
    if (error instanceof z.ZodError) said = { error_code: WRONG_DATA, message: z.prettifyError(error) };
    else {
      options.log.error({ err: error }, "the power company's software failed");
      said = SYSTEM_ERROR;
    }
  }
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" }).end(JSON.stringify(said));
}

async function perform(body: unknown, { database, session }: LegacyOptions): Promise<Answer> {
  const envelope = ENVELOPE.parse(body);
  if (envelope.session !== session) return WRONG_SESSION;
  const { service, data } = envelope;
  if (service === "LayDanhSachTTHC") return { ...OK, data: await sql.listProcedures(database) };
  if (service === "LayDanhSachNhanVien") return { ...OK, data: await sql.listOfficers(database) };
  if (service === "TraCuuHoSo") return { ...OK, data: await sql.findFiles(database, CODES.parse(data)) };
  if (service === "TraCuuDiemDo") return { ...OK, data: await sql.findMeters(database, CODES.parse(data)) };
  if (service === "LayDanhSachHoSo")
    return { ...OK, data: await sql.listFiles(database, searchOf(SEARCH.parse(data))) };
  if (service === "DongBoHoSoMC") return openFile(database, FILE.parse(data));
  if (service === "CapNhatTienDoHoSoMC") return advance(database, PROGRESS.parse(data));
  return { error_code: WRONG_DATA, message: `Không có dịch vụ ${service}` };
}

function searchOf(given: z.output<typeof SEARCH>): sql.FileSearch {
  return {
    from: given.TuNgay,
    until: given.DenNgay,
    states: given.TrangThai,
    procedure: given.MaTTHC,
    offset: (given.Trang - 1) * given.SoDong,
    limit: given.SoDong,
  };
}

async function openFile(database: Database, file: z.output<typeof FILE>): Promise<Answer> {
  return database.transaction(async (tx) => {
    const isNew = await sql.insertFile(tx, {
      code: file.MaHoSo,
      procedure: file.MaTTHC,
      receivedAt: file.NgayTiepNhan,
      dueAt: file.NgayHenTra,
      applicant: file.ChuHoSo,
      personalId: file.SoDinhDanh,
      taxCode: file.MaSoThue,
      at: file.ThoiDiem,
    });
    if (isNew) return OK;
    const isThere = (await sql.lockFile(tx, file.MaHoSo)) !== undefined;
    return isThere ? FILE_EXISTS : { error_code: WRONG_DATA, message: `Không có thủ tục ${file.MaTTHC}` };
  });
}

/** What the company's people do in their own windows, or the exchange tells: a state, with what belongs to it. */
function advance(database: Database, given: z.output<typeof PROGRESS>): Promise<Answer> {
  return database.transaction(async (tx) => {
    const file = await sql.lockFile(tx, given.MaHoSo);
    if (file === undefined) return UNKNOWN_FILE;
    const transaction = given.MaGiaoDich === null ? null : `${given.MaGiaoDich} ${given.TrangThai}`;
    if (transaction !== null && transaction === file.transaction) return OK;
    const progress: sql.Progress = {
      code: given.MaHoSo,
      state: given.TrangThai,
      at: given.ThoiDiemXuLy,
      officer: given.NguoiXuLy,
      note: given.NoiDungXuLy,
      dueAt: given.NgayHenTra,
      finishedAt: given.NgayKetThuc,
      documents: given.GiayTo,
      delayReason: given.LyDoTre,
      resultNumber: given.SoKetQua,
      resultSummary: given.TrichYeu,
      endsStep: given.KetThucBuoc !== null,
      nextOfficer: given.NguoiNhan,
      transaction,
    };
    await sql.updateFile(tx, progress, stepsAfter(file, progress), supplementsAfter(file, progress));
    return OK;
  });
}

/** Work begins with the first step; one ends when its officer says so, or with the work. */
function stepsAfter({ steps, officer }: sql.FileState, progress: sql.Progress): readonly sql.Step[] {
  const { state, at, endsStep } = progress;
  const current = steps.findIndex((step) => step.BatDau != null && step.KetThuc == null);
  const step = steps[current];
  const ends = endsStep || state === "HOAN_THANH";
  const left = step !== undefined && ends ? steps.with(current, { ...step, KetThuc: at }) : steps;
  const begins = state === "DANG_XU_LY" && (step === undefined || ends);
  const next = left.findIndex((each) => each.BatDau == null);
  const begun = left[next];
  if (!begins || begun === undefined) return left;
  const taker = progress.nextOfficer ?? progress.officer ?? officer;
  return left.with(next, { ...begun, NguoiThucHien: taker, BatDau: at });
}

function supplementsAfter(
  {
    state: before,
    supplements,
  }: { readonly state: LegacyState; readonly supplements: readonly sql.Supplement[] },
  { state, at, documents, note }: sql.Progress,
): readonly sql.Supplement[] {
  if (state === "CHO_BO_SUNG" && before !== state)
    return [...supplements, { GiayTo: documents ?? [], LyDo: note ?? "", NgayYeuCau: at }];
  const last = supplements.at(-1);
  if (
    before === "CHO_BO_SUNG" &&
    state !== before &&
    state !== "TU_CHOI" &&
    state !== "KHACH_HANG_RUT" &&
    last !== undefined
  )
    return [...supplements.slice(0, -1), { ...last, NgayNhan: at }];
  return supplements;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new RangeError("the request is too large");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
}
