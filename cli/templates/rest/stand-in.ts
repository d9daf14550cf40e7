/**
 * Stands in for the agency's one-stop software on a machine that does not reach it: the services of the national
 * exchange over the rows of stand-in.json, in memory. Delete it, and its place in system.ts, once the real one answers.
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Row = Record<string, unknown>;

interface File extends Row {
  MaHoSo: string;
  TrangThai: string;
  NgayTiepNhan: string;
  NgayHenTra: string;
  CacBuoc: Row[];
  TienDo: Row[];
  BoSung: Row[];
}

/** Times are yyyyMMddHHmmss: they compare as texts. */
interface Search {
  readonly TuNgay: string | null;
  readonly DenNgay: string;
  readonly TrangThai: readonly string[] | null;
  readonly MaTTHC: string | null;
  readonly Trang: number;
  readonly SoDong: number;
}

interface Store {
  readonly procedures: readonly Row[];
  readonly officers: readonly Row[];
  readonly files: Map<string, File>;
}

interface Answer {
  readonly error_code: string;
  readonly message?: string;
  readonly data?: readonly unknown[];
}

const SESSION = "stand-in";
const OK = { error_code: "0" };

export async function startStandIn(): Promise<{ url: string; session: string; close: () => Promise<void> }> {
  const text = await readFile(new URL("./stand-in.json", import.meta.url), "utf8");
  const { procedures, officers, cases } = JSON.parse(text) as Record<string, Row[]>;
  const store: Store = {
    procedures: procedures ?? [],
    officers: officers ?? [],
    files: new Map((cases as File[]).map((file) => [file.MaHoSo, file])),
  };
  const server = createServer((request, response) => void respond(store, request, response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    session: SESSION,
    close: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function respond(store: Store, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const said = await answer(store, request);
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(said));
}

async function answer(store: Store, request: IncomingMessage): Promise<Answer> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { session, service, data } = JSON.parse(Buffer.concat(chunks).toString()) as Row;
    if (session !== SESSION) return { error_code: "01", message: "Phiên làm việc không hợp lệ" };
    return perform(store, String(service), data as Row & string[]);
  } catch (error) {
    return { error_code: "99", message: (error as Error).message };
  }
}

function perform({ procedures, officers, files }: Store, service: string, data: Row & string[]): Answer {
  if (service === "LayDanhSachTTHC") return { ...OK, data: procedures };
  if (service === "LayDanhSachNhanVien") return { ...OK, data: officers };
  if (service === "TraCuuHoSo") return { ...OK, data: data.flatMap((code) => files.get(code) ?? []) };
  if (service === "LayDanhSachHoSo")
    return { ...OK, data: list([...files.values()], data as unknown as Search) };
  const code = String(data["MaHoSo"]);
  const file = files.get(code);
  if (service === "DongBoHoSoMC") {
    if (file !== undefined) return { error_code: "05", message: "Hồ sơ đã tồn tại" };
    files.set(code, opened(procedures, data));
    return OK;
  }
  const change = CHANGES[service];
  if (change === undefined) return { error_code: "07", message: `Không có dịch vụ ${service}` };
  if (file === undefined) return { error_code: "04", message: "Không tìm thấy hồ sơ" };
  change(file, data);
  return OK;
}

const CHANGES: Readonly<Record<string, (file: File, data: Row) => void>> = {
  CapNhatTienDoHoSoMC: advance,
  KetThucBuoc: finishStep,
};

/** Latest received first. */
function list(files: readonly File[], search: Search): readonly File[] {
  const { TuNgay: from, DenNgay: until, TrangThai: states, MaTTHC: procedure, SoDong: size } = search;
  const start = (search.Trang - 1) * size;
  return files
    .filter(
      ({ TrangThai, NgayTiepNhan, MaTTHC }) =>
        (states === null || states.includes(TrangThai)) &&
        (from === null || NgayTiepNhan >= from) &&
        NgayTiepNhan <= until &&
        (procedure === null || MaTTHC === procedure),
    )
    .toSorted((one, other) => (orderOf(one) < orderOf(other) ? 1 : -1))
    .slice(start, start + size);
}

function orderOf({ NgayTiepNhan, MaHoSo }: File): string {
  return `${NgayTiepNhan} ${MaHoSo}`;
}

function opened(procedures: readonly Row[], { ThoiDiem, ...data }: Row): File {
  const procedure = procedures.find(({ MaTTHC }) => MaTTHC === data["MaTTHC"]);
  const steps = (procedure?.["QuyTrinh"] ?? []) as readonly Row[];
  return {
    ...(data as { MaHoSo: string; NgayTiepNhan: string; NgayHenTra: string }),
    TrangThai: "1",
    CacBuoc: steps.map(({ TenBuoc }) => ({ TenBuoc })),
    TienDo: [{ ThoiDiem, TrangThai: "1" }],
    BoSung: [],
  };
}

function advance(file: File, data: Row): void {
  const { TrangThai: state, ThoiDiemXuLy: at, NguoiXuLy: officer, NoiDungXuLy: note } = data;
  const before = file.TrangThai;
  moveSteps(file.CacBuoc, state, at, officer);
  const supplement = file.BoSung.at(-1);
  if (state === "5" && before !== "5")
    file.BoSung.push({ GiayTo: data["GiayTo"] ?? [], LyDo: note ?? "", NgayYeuCau: at });
  else if (before === "5" && supplement !== undefined && ["1", "2", "4"].includes(String(state)))
    supplement["NgayNhan"] = at;
  if (data["LyDoTre"] != null && file["LyDoTre"] == null)
    Object.assign(file, { LyDoTre: data["LyDoTre"], NgayXinLoi: at, NgayHenTraCu: file.NgayHenTra });
  if (data["SoKetQua"] != null)
    file["KetQua"] = { SoKyHieu: data["SoKetQua"], TrichYeu: data["TrichYeu"], NgayCap: at };
  file.TrangThai = String(state);
  if (typeof data["NgayHenTra"] === "string") file.NgayHenTra = data["NgayHenTra"];
  file["NgayKetThuc"] = data["NgayKetThuc"] ?? null;
  file["NguoiXuLy"] = officer ?? file["NguoiXuLy"] ?? null;
  file.TienDo.push({ ThoiDiem: at, TrangThai: state, NguoiXuLy: officer, NoiDung: note });
}

/** Work begins with the first step, and ends with what is under way. */
function moveSteps(steps: readonly Row[], state: unknown, at: unknown, officer: unknown): void {
  const current = steps.find((step) => step["BatDau"] != null && step["KetThuc"] == null);
  const next = steps.find((step) => step["BatDau"] == null);
  if (state === "4" && current === undefined && next !== undefined)
    Object.assign(next, { NguoiThucHien: officer, BatDau: at });
  if (state === "9" && current !== undefined) current["KetThuc"] = at;
}

function finishStep(file: File, { ThoiDiemXuLy: at, NguoiXuLy: officer, NoiDungXuLy: note }: Row): void {
  const current = file.CacBuoc.find((step) => step["BatDau"] != null && step["KetThuc"] == null);
  const next = file.CacBuoc.find((step) => step["BatDau"] == null);
  if (current !== undefined) current["KetThuc"] = at;
  if (next !== undefined) Object.assign(next, { NguoiThucHien: officer, BatDau: at });
  file.TienDo.push({ ThoiDiem: at, TrangThai: file.TrangThai, NguoiXuLy: officer, NoiDung: note });
}
