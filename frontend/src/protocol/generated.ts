// Written by `manage.py chatdesk_types` from chatdesk/wire. Never edit it.

export const PROTOCOL_VERSION = 1;

export const MAX_FRAME_BYTES = 16384;

export const MAX_TEXT_LENGTH = 4000;

export const MAX_DRAFT_LENGTH = 2000;

export const MAX_BATCH_ITEMS = 200;

export const MAX_BATCH_BYTES = 65536;

/** Why something was not done; the last four may succeed when tried again. */
export type Refusal = "forbidden" | "closed" | "too_large" | "invalid" | "blocked" | "not_found" | "taken" | "full" | "shop" | "busy" | "rate" | "out_of_order" | "db";

export const RETRYABLE: readonly string[] = ["busy", "rate", "out_of_order", "db"];

/** Why the server closes a socket. */
export const Goodbye = {
  RESTART: 1012,
  AUTH_GONE: 4401,
  ACCESS_GONE: 4403,
  SLOW: 4408,
  REPLACED: 4409,
  TOO_LARGE: 4413,
  MALFORMED: 4422,
  FLOOD: 4429,
} as const;

/** One entry of a conversation's log. */
export interface Entry {
  seq: number;
  kind: string;
  author: string;
  at: number;
  cmid: string;
  by?: string | null;
  text?: string;
  data?: Record<string, unknown> | null;
}

/** How far each side has applied (``delivered``) and seen (``read``) the log. */
export interface Marks {
  visitor_delivered?: number;
  visitor_read?: number;
  operator_delivered?: number;
  operator_read?: number;
}

/** What a visitor may know of an operator. */
export interface OperatorCard {
  id: string;
  name: string;
  title?: string;
  photo?: string;
}

/** Where a visitor stands in line, from 1 on. */
export interface QueuePlace {
  place: number;
  answer_s?: number | null;
}

/** Whether anyone is there: ``online busy away offline unknown``. */
export interface Availability {
  state: string;
  online?: number;
  opens_at?: number | null;
  answer_s?: number | null;
  operators?: OperatorCard[];
}

/** From one moment to another. */
export interface Stretch {
  begins_at: number;
  ends_at: number;
}

/** The working time of the days around now; none where the shop never closes. */
export interface OpeningHours {
  stretches?: Stretch[];
}

/** A conversation as its visitor sees it. */
export interface ConversationForVisitor {
  id: string;
  epoch: string;
  status: string;
  head: number;
  created_at: number;
  operator?: OperatorCard | null;
  closed_at?: number | null;
  thumb?: string | null;
  reopens_until?: number | null;
}

/** What a visitor's widget starts from. */
export interface VisitorSession {
  visitor: string;
  epoch: string;
  server_time: number;
  availability: Availability;
  conversations?: ConversationForVisitor[];
}

/** What staff know of a visitor; every text is the visitor's and hostile. */
export interface VisitorCard {
  id: string;
  name: string;
  number: number;
  contact?: string;
  email?: string;
  language?: string;
  device?: string;
  page_url?: string;
  page_title?: string;
  referrer?: string;
  user?: string;
  first_seen_at?: number;
  latest_seen_at?: number;
  dialogs?: number;
}

/** A line of the operators' list; ``head`` is also the row's version. */
export interface InboxRow {
  conv: string;
  head: number;
  status: string;
  visitor: string;
  visitor_number: number;
  preview?: string;
  preview_author?: string;
  preview_at?: number;
  owner?: string | null;
  owner_name?: string;
  waiting_since?: number | null;
  letter_due_at?: number | null;
  unread?: number;
  language?: string;
  closed_at?: number | null;
  outcome?: string;
  thumb?: string | null;
  department?: string;
  heard_at?: number | null;
  line_at?: number | null;
  raised?: boolean;
  left_at?: number | null;
  offered_to?: string | null;
  offer_note?: string;
}

/** An earlier conversation of the same visitor. */
export interface PastDialog {
  conv: string;
  preview: string;
  at: number;
  operator?: string;
  thumb?: string | null;
}

/** A letter as staff see it: where to answer, by when, and whether it bounced. */
export interface Letter {
  state: string;
  due_at: number;
  left_at: number;
  contact?: string;
  kind?: string;
  link?: string;
  is_junk?: boolean;
  mails_to?: string;
  bounced?: string;
}

/** A line of the list of letters; ``via`` is mail, link or here once answered. */
export interface LetterLine {
  conv: string;
  visitor: string;
  visitor_number: number;
  state: string;
  due_at: number;
  left_at: number;
  preview?: string;
  contact?: string;
  kind?: string;
  is_junk?: boolean;
  owner?: string | null;
  owner_name?: string;
  answered_at?: number | null;
  via?: string;
}

/** What the workspace shows of one conversation; older entries are paged. */
export interface Thread {
  conversation: InboxRow;
  epoch: string;
  marks: Marks;
  visitor: VisitorCard;
  operators: OperatorCard[];
  entries: Entry[];
  covers_from: number;
  covers_to: number;
  past?: PastDialog[];
  first_reply_s?: number | null;
  letter?: Letter | null;
}

/** The operator's own figures since midnight. */
export interface OwnDay {
  dialogs?: number;
  first_reply_s?: number | null;
  within_goal?: number | null;
  likes?: number;
  dislikes?: number;
}

/** The operator's own commission of one month (``2026-11``), in words of the shop. */
export interface Earned {
  month: string;
  sums: string[];
}

/** A member of staff as the others see him; ``reason`` says why he is away. */
export interface Colleague {
  id: string;
  name: string;
  state: string;
  load: number;
  capacity: number;
  photo?: string;
  reason?: string;
  back_at?: number | null;
}

/** What an operator owes the chat: in words, his shift, who answers for now's. */
export interface Duty {
  text?: string;
  begins_at?: number | null;
  ends_at?: number | null;
  responsible?: string[];
}

/** The shop's rules of work in force, and when this operator confirmed them. */
export interface Regulation {
  version: number;
  goal_s: number;
  limit_s: number;
  capacity: number;
  text?: string;
  published_at?: number;
  confirmed_at?: number | null;
  duty?: Duty;
}

/** What the workspace starts from. */
export interface OperatorSession {
  operator: OperatorCard;
  status: string;
  capacity: number;
  load: number;
  is_manager: boolean;
  epoch: string;
  server_time: number;
  goal_s: number;
  limit_s: number;
  quiet_s: number;
  sneak_peek: boolean;
  day: OwnDay;
  reason?: string;
  back_at?: number | null;
  away_reasons?: string[];
  has_rules?: boolean;
  owes_confirmation?: boolean;
  earned?: Earned[];
}

/** A prepared answer; ``{name}`` and ``{operator}`` are filled by the workspace. */
export interface CannedReply {
  id: number;
  shortcut: string;
  title: string;
  text: string;
  language?: string;
  shared?: boolean;
}

/** Where a client's copy of one conversation ends. */
export interface Resume {
  conv: string;
  cursor?: number;
  epoch?: string;
}

/** First frame of a socket; said again, it follows further conversations. */
export interface Hello {
  type: "hello";
  v?: number;
  tab?: string;
  resume?: Resume[];
  hidden?: boolean;
  idle?: number;
  terse?: boolean;
}

/** What a message says. */
export interface Body {
  text: string;
}

/** A message or a note; ``cmid`` makes it one entry however often it is sent. */
export interface Send {
  type: "send";
  cmid: string;
  conv: string;
  body: Body;
  kind?: "message" | "note";
  prev_cmid?: string | null;
}

/** Applied up to ``seq`` without a hole: drives *delivered* and flow control. */
export interface Ack {
  type: "ack";
  conv: string;
  seq: number;
}

/** Seen by a person up to ``seq``. */
export interface Read {
  type: "read";
  conv: string;
  seq: number;
}

/** Typing (``text`` absent) or a draft: relayed while fresh, never stored. */
export interface Eph {
  type: "eph";
  conv: string;
  kind?: "draft" | "typing";
  text?: string;
}

/** The client's heartbeat; answered by ``pong`` and ``heads``. */
export interface Ping {
  type: "ping";
  t?: number;
  hidden?: boolean;
  idle?: number;
}

/** Answer to the first hello; ``server_time`` is for display only. */
export interface Welcome {
  type: "welcome";
  v: number;
  epoch: string;
  server_time: number;
  beat_s: number;
  max_frame: number;
}

/** The entry is committed at ``seq``; ``dup`` when it already was. */
export interface Sent {
  type: "sent";
  cmid: string;
  conv: string;
  seq: number;
  at: number;
  dup?: boolean;
  mismatch?: boolean;
}

/** The frame was refused; ``final`` means that repeating it cannot help. */
export interface Nack {
  type: "nack";
  code: string;
  cmid?: string | null;
  conv?: string | null;
  final?: boolean;
  retry_after?: number | null;
  text?: string;
}

/** Entries that cover ``from..to`` without a hole. */
export interface Events {
  type: "events";
  conv: string;
  epoch: string;
  from: number;
  to: number;
  items: Entry[];
}

/** The replay ended at ``seq``; what follows is live. */
export interface Synced {
  type: "synced";
  conv: string;
  seq: number;
  marks: Marks;
}

/** How far both sides are: whole state, merged by taking the larger numbers. */
export interface MarksChanged {
  type: "marks";
  conv: string;
  marks: Marks;
}

/** The client's copy cannot be continued: drop it, fetch anew, keep the outbox. */
export interface Reset {
  type: "reset";
  conv: string;
  epoch: string;
  reason: "ahead" | "epoch" | "gone";
}

/** The newest number of each followed conversation, in every heartbeat. */
export interface Heads {
  type: "heads";
  heads: Record<string, number>;
}

/** Somebody on the other side types, or a draft that was not sent. */
export interface EphRelay {
  type: "eph";
  conv: string;
  kind: string;
  author: string;
  at: number;
  by?: string | null;
  text?: string;
}

/** Rows of the operators' list that changed; all of them when ``whole``. */
export interface Inbox {
  type: "inbox";
  rows: InboxRow[];
  whole?: boolean;
}

/** Whether anyone is there, as it is now. */
export interface AvailabilityChanged {
  type: "availability";
  availability: Availability;
}

/** Where the visitor stands in line; without ``queue`` he stands in none any more. */
export interface Queue {
  type: "queue";
  conv: string;
  queue?: QueuePlace | null;
}

/** The operator's own status and load, told to all his tabs. */
export interface PresenceChanged {
  type: "presence";
  status: string;
  load: number;
  capacity: number;
  reason?: string;
  back_at?: number | null;
}

/** Members of staff whose place changed; all of them when ``whole``. */
export interface Team {
  type: "team";
  colleagues: Colleague[];
  whole?: boolean;
}

/** Answer to a ping, with its ``t``. */
export interface Pong {
  type: "pong";
  t: number;
}

/** Last frame before the server closes; ``reconnect_after`` in seconds. */
export interface Bye {
  type: "bye";
  code: number;
  reconnect_after?: number | null;
}

/** HTTP twin of ``send``; the ``Idempotency-Key`` header carries the cmid. */
export interface PostMessage {
  body: Body;
  kind?: "message" | "note";
}

/** HTTP twin of ``ack`` and ``read``. */
export interface PostMarks {
  delivered?: number;
  read?: number;
}

/** A thumb and an optional sentence; may be changed for a day. */
export interface PostRating {
  thumb: "down" | "up";
  comment?: string;
}

/** Where the copy of the conversation is to be mailed. */
export interface PostTranscript {
  email: string;
  code?: string;
}

/** A letter: words, unless the dialog holds some already, and where to answer. */
export interface PostLetter {
  text?: string;
  contact?: string;
}

/** Where a waiting visitor would like to be answered. */
export interface PostContact {
  contact: string;
}

/** How the dialog ended; required of operators, absent for visitors. */
export interface PostClose {
  outcome?: "" | "answered" | "complaint" | "not_customer" | "sale" | "will_return";
}

/** To whom a dialog is handed, and what he should know. */
export interface PostOffer {
  to: string;
  note?: string;
}

/** Why a manager takes a dialog over. */
export interface PostTakeOver {
  reason: string;
}

/** What the operator chose on the switch; why he is away, and until when. */
export interface PostPresence {
  status: "away" | "offline" | "online";
  reason?: string;
  back_at?: number | null;
}

/** The version of the regulation that an operator has read. */
export interface PostAcknowledgement {
  version: number;
}

/** What staff write down about a visitor; absent fields stay. */
export interface PostVisitorCard {
  name?: string | null;
  contact?: string | null;
}

/** What the widget knows of the page on which a visitor begins to write. */
export interface PostSession {
  page_url?: string;
  page_title?: string;
  referrer?: string;
  language?: string;
}

/** Body of every answer from 400 on. */
export interface Refused {
  code: string;
  text: string;
  retry_after?: number | null;
  by?: string;
}

/** A browser's own subscription to pushes, as it came from its push service. */
export interface PostSubscription {
  endpoint: string;
  p256dh: string;
  auth: string;
  language?: string;
}

/** The browser wants no more pushes at this address. */
export interface PostSubscriptionEnd {
  endpoint: string;
}

/** To how many browsers of the operator a call is on its way. */
export interface PushTrial {
  devices?: number;
}

/** It was done, and there is nothing to tell about it. */
export interface Done {
}

/** The copy is on its way, or first a code to prove the address. */
export interface CopyAnswer {
  needs_code?: boolean;
}

/** HTTP twin of ``eph``; without ``text`` it says only that somebody types. */
export interface PostTyping {
  text?: string | null;
}

/** Entries that cover ``from..to`` without a hole, or none when nothing came. */
export interface PollAnswer {
  conv: string;
  epoch: string;
  from: number;
  to: number;
  items: Entry[];
  marks: Marks;
  status: string;
  availability: Availability;
  queue?: QueuePlace | null;
  retry_after?: number | null;
}

/** The copy cannot be continued: drop it, fetch anew from 0, keep the outbox. */
export interface PollReset {
  conv: string;
  epoch: string;
  reset: "ahead" | "epoch";
}

/** HTTP twin of an operator's ``hello`` and ``ping``, said every few seconds. */
export interface PostPoll {
  tab: string;
  resume?: Resume[];
  idle?: number;
  hidden?: boolean;
}

/** The very frames that a socket would have brought by now. */
export interface PolledFrames {
  frames: (Inbox | PresenceChanged | Team | Events | Synced | Reset)[];
}

/** Rows of the operators' list; ``next`` asks for the page after this one. */
export interface InboxPage {
  rows: InboxRow[];
  next?: number | null;
}

/** Letters that staff list; ``next`` asks for the page after this one. */
export interface LettersPage {
  rows: LetterLine[];
  next?: number | null;
}

/** Dialogs left without an answer, the latest first, of ``total``. */
export interface LeftPage {
  rows: InboxRow[];
  next?: string | null;
  total?: number;
}

/** Earlier entries that cover ``from..to``; none are left when ``from`` is 1. */
export interface EntriesPage {
  from: number;
  to: number;
  items: Entry[];
}

/** The operator's status as it is now, and how many dialogs he leads. */
export interface PresenceState {
  status: string;
  load: number;
  capacity: number;
  reason?: string;
  back_at?: number | null;
}

/** A product as it is now; ``gone`` when the shop knows it no more. */
export interface ProductCard {
  product: string;
  name?: string;
  seq?: number;
  variant?: string;
  sku?: string;
  group?: string;
  price?: string;
  old_price?: string;
  was?: string;
  stock?: string;
  stock_text?: string;
  places?: [string, number][];
  url?: string;
  image?: string;
  in_cart?: number;
  cart_url?: string;
  gone?: boolean;
  wished?: boolean;
  cost?: string;
  admin_url?: string;
  facts?: [string, string][];
}

/** Product cards, and the token with which the visitor may add one to the cart. */
export interface Cards {
  cards?: ProductCard[];
  trouble?: string;
  token?: string;
}

/** A line of a cart or of a proposed order. */
export interface CartRow {
  product: string;
  name: string;
  quantity: number;
  total?: string;
  price?: string;
  variant?: string;
  image?: string;
  url?: string;
  stock?: string;
  stock_text?: string;
}

/** The visitor's cart as it is now. */
export interface CartPanel {
  lines?: CartRow[];
  pieces?: number;
  goods?: string;
  discount?: string;
  total?: string;
  coupon?: string;
  note?: string;
}

/** An order; ``progress`` and ``payment`` are codes, their names the shop's. */
export interface OrderRow {
  reference: string;
  number: string;
  placed_at?: number;
  progress?: string;
  status_name?: string;
  payment?: string;
  payment_name?: string;
  total?: string;
  delivery_name?: string;
  tracking?: string;
  goods?: string;
  url?: string;
  pay_url?: string;
  admin_url?: string;
}

/** What the shop knows of the person. */
export interface CustomerPanel {
  name?: string;
  email?: string;
  phone?: string;
  group_name?: string;
  since?: number;
  orders?: number;
  spent?: string;
  debt?: string;
  admin_url?: string;
  facts?: [string, string][];
}

/** A way of delivery for this visitor's cart. */
export interface DeliveryRow {
  code: string;
  name: string;
  price?: string;
  text?: string;
}

/** All blocks of the shop beside a dialog. */
export interface ShopPanel {
  customer?: CustomerPanel | null;
  cart?: CartPanel | null;
  orders?: OrderRow[];
  deliveries?: DeliveryRow[];
  answers?: Record<string, string>;
  troubles?: Record<string, string>;
  may_send?: boolean;
  may_order?: boolean;
  may_change?: boolean;
}

/** What a proposed order costs by the shop's own calculation. */
export interface QuoteAnswer {
  lines?: CartRow[];
  goods?: string;
  discount?: string;
  delivery?: string;
  delivery_name?: string;
  total?: string;
  amount?: string;
  currency?: string;
  note?: string;
  problems?: string[];
}

/** Something the shop must know to take an order. */
export interface Field {
  name: string;
  label: string;
  value?: string;
  required?: boolean;
  choices?: [string, string][];
}

/** A proposed order as it stands: ``proposed confirmed withdrawn``. */
export interface OfferCard {
  offer: string;
  state: string;
  quote?: QuoteAnswer | null;
  fields?: Field[];
  order?: OrderRow | null;
  trouble?: string;
  token?: string;
}

/** What adding to the cart came to. */
export interface CartAnswer {
  in_cart: number;
  text?: string;
  cart_url?: string;
}

/** The product whose card is to be sent. */
export interface PostProduct {
  product: string;
}

/** How many pieces the visitor's cart shall hold; ``was`` is how many were seen. */
export interface PostCartChange {
  product: string;
  was: number;
  quantity: number;
}

/** The card whose product goes into the visitor's own cart. */
export interface PostCart {
  seq: number;
  quantity?: number;
}

/** The card of a sold out product that the visitor wants to hear of. */
export interface PostWish {
  seq: number;
}

/** A product of a proposed order. */
export interface OfferLine {
  product: string;
  quantity?: number;
}

/** An order to be quoted or proposed. */
export interface PostOrderOffer {
  lines: OfferLine[];
  delivery?: string;
  coupon?: string;
}

/** The total that the visitor saw, and what the shop asked for. */
export interface PostConfirm {
  amount: string;
  details?: Record<string, string>;
}

/** A page was visible for some seconds since the last word of it. */
export interface PostLook {
  path: string;
  seconds?: number;
  zone?: string;
  leaving?: boolean;
}

/** One page of the path; ``kind`` and ``ref`` where the shop's view named it. */
export interface VisitStep {
  at: number;
  path: string;
  kind?: string;
  ref?: string;
  title?: string;
  visible_s?: number;
}

/** What befell a visitor in the shop; ``kind`` as in ``ShopEvent``. */
export interface VisitEvent {
  kind: string;
  at: number;
  ref?: string;
  title?: string;
  words?: string;
  number?: number | null;
  fields?: string[];
}

/** A line of the table of visitors on the site. */
export interface LiveVisit {
  id: string;
  number: number;
  name?: string;
  country?: string;
  city?: string;
  page_kind?: string;
  page_title?: string;
  page_path?: string;
  page_at?: number;
  begun_at?: number;
  pages?: number;
  source?: string;
  source_name?: string;
  phrase?: string;
  earlier?: number;
  is_customer?: boolean;
  cart?: string;
  currency?: string;
  pieces?: number;
  value?: number;
  event?: VisitEvent | null;
  conv?: string;
  waiting_since?: number | null;
  operator?: string;
}

/** Who is on the site now; ``trend`` counts beginnings by minute, oldest first. */
export interface LiveVisits {
  at: number;
  total: number;
  items?: LiveVisit[];
  trend?: number[];
}

/** What is known of one visit: whence, with what, what was looked at, what befell. */
export interface VisitCard {
  id: string;
  begun_at?: number;
  is_here?: boolean;
  visits?: number;
  country?: string;
  city?: string;
  zone?: string;
  device?: string;
  browser?: string;
  system?: string;
  language?: string;
  source?: string;
  source_name?: string;
  phrase?: string;
  referrer?: string;
  campaign?: Record<string, string>;
  first_source?: string;
  first_source_name?: string;
  landing?: string;
  pages?: number;
  path?: VisitStep[];
  events?: VisitEvent[];
  cart?: string;
  currency?: string;
}

/** The visit in which a dialog goes on, if one is known. */
export interface VisitAnswer {
  visit?: VisitCard | null;
}

export type ClientFrame =
  | Hello
  | Send
  | Ack
  | Read
  | Eph
  | Ping;

export type ServerFrame =
  | Welcome
  | Sent
  | Nack
  | Events
  | Synced
  | MarksChanged
  | Reset
  | Heads
  | EphRelay
  | Inbox
  | AvailabilityChanged
  | Queue
  | PresenceChanged
  | Team
  | Pong
  | Bye;
