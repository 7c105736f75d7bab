/* A minimal S3 server for benchmarks on loopback: it costs as little as it can, so that what is measured is the client.
 *
 *   gcc -O2 -pthread -o sink sink.c -lssl -lcrypto
 *   ./sink PORT [--tls-port PORT --cert FILE --key FILE] [--delay-ms N] [--keep all|small]
 *
 * Objects: PUT, GET with ranges, HEAD, DELETE, If-None-Match: *; multipart uploads; both versions of ListObjects with
 * prefix, delimiter and pages; DeleteObjects; buckets come into being by being asked for. Bodies may come chunked by
 * HTTP and by AWS. Signatures and checksums are not looked at. One thread serves one connection.
 *
 * --keep small (the default) drops bodies above 32 MiB and those of parts, of which only the size is kept, and answers
 * zeros for them; --keep all keeps everything in memory, for restores.
 * --delay-ms holds every reply back by so much, as the way to a real store does.
 * GET /__stats answers the counters as JSON, POST /__reset zeroes them, POST /__wipe empties the store as well.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_BYTES = 64 << 10, SCRATCH_BYTES = 1 << 20, BUCKETS = 1 << 18, SMALL_BYTES = 32 << 20, PAGE = 1000 };

typedef struct segment { char *bytes; size_t size; struct segment *next; } segment;
typedef struct object {
  char *key; size_t size; segment *body; char etag[48]; time_t modified; atomic_int users; struct object *next;
} object;
typedef struct part { int number; size_t size; segment *body; struct part *next; } part;
typedef struct upload { unsigned long id; char *key; part *parts; struct upload *next; } upload;

static object *table[BUCKETS];
static upload *uploads;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_ulong sequence = 1, requests, bytes_in, bytes_out, connections, in_flight, most_in_flight;
static double delay_ms;
static int keep_all;
static SSL_CTX *tls;

static unsigned long hash_of(const char *text) {
  unsigned long hash = 1469598103934665603ul;
  for (; *text; text++) hash = (hash ^ (unsigned char)*text) * 1099511628211ul;
  return hash;
}

/* ---- the store; all of it under the lock ---- */

static void free_body(segment *body) {
  while (body) { segment *next = body->next; free(body->bytes); free(body); body = next; }
}
static void release(object *found) {
  if (atomic_fetch_sub(&found->users, 1) == 1) { free_body(found->body); free(found->key); free(found); }
}
static object **slot_of(const char *key) {
  object **slot = &table[hash_of(key) % BUCKETS];
  while (*slot && strcmp((*slot)->key, key)) slot = &(*slot)->next;
  return slot;
}
static void delete_object(const char *key) {
  object **slot = slot_of(key), *found = *slot;
  if (found) { *slot = found->next; release(found); }
}
/* @returns 0 where the object is there already and may not be replaced */
static int put_object(const char *key, segment *body, size_t size, int only_new, const char *md5, char *etag) {
  pthread_mutex_lock(&lock);
  if (only_new && *slot_of(key)) { pthread_mutex_unlock(&lock); free_body(body); return 0; }
  delete_object(key);
  object *made = calloc(1, sizeof *made);
  made->key = strdup(key); made->body = body; made->size = size; made->modified = time(NULL); made->users = 1;
  /* One with a dash is nobody's MD5, and no client takes it for one. */
  if (md5[0]) snprintf(made->etag, sizeof made->etag, "\"%s\"", md5);
  else sprintf(made->etag, "\"%032lx-1\"", hash_of(key) ^ atomic_fetch_add(&sequence, 1));
  strcpy(etag, made->etag);
  object **slot = slot_of(key);
  *slot = made;
  pthread_mutex_unlock(&lock);
  return 1;
}
static object *use_object(const char *key) {
  pthread_mutex_lock(&lock);
  object *found = *slot_of(key);
  if (found) atomic_fetch_add(&found->users, 1);
  pthread_mutex_unlock(&lock);
  return found;
}
static void stop_using(object *found) { pthread_mutex_lock(&lock); release(found); pthread_mutex_unlock(&lock); }
static int by_key(const void *a, const void *b) { return strcmp((*(object *const *)a)->key, (*(object *const *)b)->key); }

/* ---- texts ---- */

typedef struct { char *at; size_t size, room; } text;
static void add(text *to, const char *format, ...) {
  for (;;) {
    va_list values; va_start(values, format);
    size_t left = to->room - to->size;
    int needed = vsnprintf(to->at ? to->at + to->size : NULL, to->at ? left : 0, format, values);
    va_end(values);
    if (to->at && (size_t)needed < left) { to->size += needed; return; }
    to->room = (to->room + needed + 1) * 2 + 256;
    to->at = realloc(to->at, to->room);
  }
}
static void add_xml(text *to, const char *words) {
  for (; *words; words++) {
    if (*words == '&') add(to, "&amp;"); else if (*words == '<') add(to, "&lt;"); else if (*words == '>') add(to, "&gt;");
    else add(to, "%c", *words);
  }
}
static void decode(char *words) {
  char *to = words;
  for (; *words; words++) {
    if (*words == '%' && isxdigit((unsigned char)words[1]) && isxdigit((unsigned char)words[2])) {
      char digits[3] = {words[1], words[2], 0}; *to++ = (char)strtol(digits, NULL, 16); words += 2;
    } else *to++ = *words;
  }
  *to = 0;
}

/* ---- one connection ---- */

typedef struct {
  int socket; SSL *ssl; char buffer[HEAD_BYTES + 1]; size_t held; char *scratch;
  char method[16], path[8192], query[8192], head[HEAD_BYTES + 1];
} connection;

static ssize_t receive(connection *c, char *into, size_t size) {
  if (c->ssl) { int got = SSL_read(c->ssl, into, size > SCRATCH_BYTES ? SCRATCH_BYTES : (int)size); return got > 0 ? got : -1; }
  return recv(c->socket, into, size, 0);
}
static int transmit(connection *c, const char *from, size_t size) {
  while (size > 0) {
    ssize_t put = c->ssl ? SSL_write(c->ssl, from, size > SCRATCH_BYTES ? SCRATCH_BYTES : (int)size)
                         : send(c->socket, from, size, MSG_NOSIGNAL);
    if (put <= 0) return -1;
    from += put; size -= put; atomic_fetch_add(&bytes_out, put);
  }
  return 0;
}
/* Bytes of the request: first what came with the head, then from the network. */
static ssize_t take(connection *c, char *into, size_t size) {
  if (c->held > 0) {
    size_t some = size < c->held ? size : c->held;
    memcpy(into, c->buffer, some); memmove(c->buffer, c->buffer + some, c->held - some); c->held -= some;
    return some;
  }
  ssize_t got = receive(c, into, size);
  if (got > 0) atomic_fetch_add(&bytes_in, got);
  return got;
}
static int header(connection *c, const char *name, char *value, size_t room) {
  size_t length = strlen(name);
  for (char *line = strstr(c->head, "\r\n"); line && line[2]; line = strstr(line + 2, "\r\n")) {
    char *at = line + 2;
    if (strncasecmp(at, name, length) || at[length] != ':') continue;
    for (at += length + 1; *at == ' '; at++) ;
    size_t size = strcspn(at, "\r\n"); if (size >= room) size = room - 1;
    memcpy(value, at, size); value[size] = 0;
    return 1;
  }
  return 0;
}
static int parameter(connection *c, const char *name, char *value, size_t room) {
  size_t length = strlen(name);
  for (char *at = c->query; *at; at += strcspn(at, "&"), at += *at == '&') {
    if (strncmp(at, name, length) || (at[length] != '=' && at[length] != '&' && at[length])) continue;
    size_t size = at[length] == '=' ? strcspn(at + length + 1, "&") : 0; if (size >= room) size = room - 1;
    if (value) { memcpy(value, at + length + 1, size); value[size] = 0; decode(value); }
    return 1;
  }
  return 0;
}

static int reply(connection *c, const char *status, const char *extra, const char *body, size_t size) {
  char date[64]; time_t now = time(NULL); struct tm utc; gmtime_r(&now, &utc);
  strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  text out = {0};
  add(&out, "HTTP/1.1 %s\r\nDate: %s\r\nx-amz-request-id: %lx\r\n%s", status, date, atomic_fetch_add(&sequence, 1), extra);
  if (!strstr(extra, "Content-Length:")) add(&out, "Content-Length: %zu\r\n", size);
  add(&out, "\r\n");
  if (body && size && strcmp(c->method, "HEAD")) {
    out.at = realloc(out.at, out.size + size); memcpy(out.at + out.size, body, size); out.size += size;
  }
  if (delay_ms > 0) usleep((useconds_t)(delay_ms * 1000));
  int failed = transmit(c, out.at, out.size);
  free(out.at);
  return failed;
}
static int reply_error(connection *c, const char *status, const char *code) {
  char body[256]; int size = snprintf(body, sizeof body, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, code);
  return reply(c, status, "Content-Type: application/xml\r\n", body, size);
}
static int reply_xml(connection *c, text *body) {
  int failed = reply(c, "200 OK", "Content-Type: application/xml\r\n", body->at, body->size); free(body->at); return failed;
}

/* ---- bodies ---- */

typedef struct { segment *body; size_t size; int keep; char *at; size_t room; } sinking;

/* @returns where up to `size` more bytes go; dropped ones all go to the same place */
static char *room_for(connection *c, sinking *to, size_t size) {
  if (!to->keep) return c->scratch;
  if (to->size + size > to->room) { to->room = to->size + size > to->room * 2 ? to->size + size : to->room * 2; to->at = realloc(to->at, to->room); }
  return to->at + to->size;
}
static int read_exactly(connection *c, sinking *to, size_t left) {
  if (to->keep && left > 0) room_for(c, to, left);
  while (left > 0) {
    size_t want = left < SCRATCH_BYTES ? left : SCRATCH_BYTES; ssize_t got;
    if (!to->keep && !c->ssl && c->held == 0) { /* the kernel throws the bytes away without copying them */
      got = recv(c->socket, c->scratch, want, MSG_TRUNC); if (got > 0) atomic_fetch_add(&bytes_in, got);
    } else got = take(c, room_for(c, to, want), want);
    if (got <= 0) return -1;
    to->size += got; left -= got;
  }
  return 0;
}
static int read_line(connection *c, char *line, size_t room) {
  size_t size = 0;
  while (size + 1 < room) {
    if (take(c, line + size, 1) <= 0) return -1;
    if (line[size++] == '\n') { line[size] = 0; return 0; }
  }
  return -1;
}
/* Chunks with their sizes in front: of HTTP, of AWS, or the one in the other (then `outer` counts what HTTP has left). */
static int read_chunks(connection *c, sinking *to) {
  char line[1024];
  for (;;) {
    if (read_line(c, line, sizeof line)) return -1;
    size_t size = strtoul(line, NULL, 16);
    if (size == 0) break;
    if (read_exactly(c, to, size) || read_line(c, line, sizeof line)) return -1;
  }
  do if (read_line(c, line, sizeof line)) return -1; while (line[0] != '\r' && line[0] != '\n');
  return 0;
}
static int is_aws_chunked(connection *c) {
  char value[256];
  return header(c, "x-amz-content-sha256", value, sizeof value) && !strncmp(value, "STREAMING-", 10);
}
/* The chunks of AWS inside of those of HTTP: both are taken off, which is slow and rare. */
static int read_both(connection *c, sinking *to) {
  sinking raw = {.keep = 1};
  if (read_chunks(c, &raw)) { free(raw.at); return -1; }
  for (size_t at = 0; at < raw.size;) {
    size_t size = strtoul(raw.at + at, NULL, 16);
    char *end = memchr(raw.at + at, '\n', raw.size - at); if (!size || !end) break;
    at = end + 1 - raw.at;
    if (to->keep) memcpy(room_for(c, to, size), raw.at + at, size);
    to->size += size; at += size + 2;
  }
  free(raw.at);
  return 0;
}
static int read_body(connection *c, sinking *to) {
  char value[256]; size_t length = header(c, "content-length", value, sizeof value) ? strtoul(value, NULL, 10) : 0;
  int chunked = header(c, "transfer-encoding", value, sizeof value) && strcasestr(value, "chunked");
  if ((chunked || length > 0) && header(c, "expect", value, sizeof value) && transmit(c, "HTTP/1.1 100 Continue\r\n\r\n", 25)) return -1;
  int failed = is_aws_chunked(c) ? (chunked ? read_both(c, to) : read_chunks(c, to)) : chunked ? read_chunks(c, to) : read_exactly(c, to, length);
  if (!failed && to->keep && to->at) { to->body = calloc(1, sizeof *to->body); to->body->bytes = to->at; to->body->size = to->size; }
  return failed;
}

/* ---- operations ---- */

/* The MD5 a client says its body has, in hex: in the header S3 has for it, or in the one of s3cmd; else empty. */
static void announced_md5(connection *c, char *hex) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  char value[512]; const char *at; unsigned bits = 0; int count = 0, written = 0;
  *hex = 0;
  if (header(c, "content-md5", value, sizeof value)) {
    for (char *p = value; *p && written < 32 && (at = strchr(digits, *p)); p++) {
      bits = bits << 6 | (unsigned)(at - digits); count += 6;
      if (count >= 8) { count -= 8; written += sprintf(hex + written, "%02x", bits >> count & 255); }
    }
  } else if (header(c, "x-amz-meta-s3cmd-attrs", value, sizeof value) && (at = strstr(value, "md5:"))) sprintf(hex, "%.32s", at + 4);
}

static int get(connection *c, int only_head) {
  object *found = use_object(c->path);
  if (!found) return only_head ? reply(c, "404 Not Found", "", NULL, 0) : reply_error(c, "404 Not Found", "NoSuchKey");
  size_t from = 0, to = found->size; char range[128], extra[512], modified[64], *dash; struct tm utc;
  int ranged = header(c, "range", range, sizeof range) && !strncmp(range, "bytes=", 6) && (dash = strchr(range, '-'));
  if (ranged) {
    if (range[6] == '-') from = found->size - strtoul(dash + 1, NULL, 10);
    else { from = strtoul(range + 6, NULL, 10); if (dash[1]) to = strtoul(dash + 1, NULL, 10) + 1; }
    if (to > found->size) to = found->size;
    if (from >= to) { stop_using(found); return reply_error(c, "416 Requested Range Not Satisfiable", "InvalidRange"); }
  }
  gmtime_r(&found->modified, &utc); strftime(modified, sizeof modified, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  int size = snprintf(extra, sizeof extra, "ETag: %s\r\nLast-Modified: %s\r\nAccept-Ranges: bytes\r\nContent-Length: %zu\r\n", found->etag, modified, to - from);
  if (ranged) snprintf(extra + size, sizeof extra - size, "Content-Range: bytes %zu-%zu/%zu\r\n", from, to - 1, found->size);
  int failed = reply(c, ranged ? "206 Partial Content" : "200 OK", extra, NULL, 0);
  for (segment *s = found->body; !failed && !only_head && s && from < to; s = s->next) {
    if (from >= s->size) { from -= s->size; to -= s->size; continue; }
    size_t end = to < s->size ? to : s->size;
    failed = transmit(c, s->bytes + from, end - from);
    to -= s->size > to ? to : s->size; from = 0;
  }
  if (!found->body && !only_head) {
    memset(c->scratch, 0, SCRATCH_BYTES);
    for (; !failed && from < to; from += SCRATCH_BYTES) failed = transmit(c, c->scratch, to - from < SCRATCH_BYTES ? to - from : SCRATCH_BYTES);
  }
  stop_using(found);
  return failed;
}
static int put(connection *c) {
  char value[256], etag[48], extra[128];
  int in_parts = parameter(c, "partNumber", value, sizeof value); int number = in_parts ? atoi(value) : 0;
  size_t length = header(c, "x-amz-decoded-content-length", value, sizeof value) || header(c, "content-length", value, sizeof value) ? strtoul(value, NULL, 10) : 0;
  sinking body = {.keep = keep_all || (!in_parts && length <= SMALL_BYTES)};
  if (read_body(c, &body)) { free(body.at); return -1; }
  if (in_parts) {
    unsigned long id = parameter(c, "uploadId", value, sizeof value) ? strtoul(value, NULL, 16) : 0;
    pthread_mutex_lock(&lock);
    upload *open = uploads; while (open && open->id != id) open = open->next;
    if (open) { part *made = calloc(1, sizeof *made); *made = (part){number, body.size, body.body, open->parts}; open->parts = made; }
    pthread_mutex_unlock(&lock);
    if (!open) { free_body(body.body); return reply_error(c, "404 Not Found", "NoSuchUpload"); }
    snprintf(extra, sizeof extra, "ETag: \"%032x\"\r\n", number);
    return reply(c, "200 OK", extra, NULL, 0);
  }
  if (!strchr(c->path, '/') || parameter(c, "tagging", NULL, 0)) { /* a bucket, or the tags of an object */
    free_body(body.body);
    return reply(c, "200 OK", "", NULL, 0);
  }
  int only_new = header(c, "if-none-match", value, sizeof value); char md5[40]; announced_md5(c, md5);
  if (!put_object(c->path, body.body, body.size, only_new, md5, etag)) return reply_error(c, "412 Precondition Failed", "PreconditionFailed");
  snprintf(extra, sizeof extra, "ETag: %s\r\n", etag);
  return reply(c, "200 OK", extra, NULL, 0);
}
static int open_upload(connection *c) {
  sinking body = {0}; if (read_body(c, &body)) return -1;
  char algorithm[32], extra[128] = "Content-Type: application/xml\r\n"; text out = {0};
  upload *made = calloc(1, sizeof *made); made->id = atomic_fetch_add(&sequence, 1); made->key = strdup(c->path);
  pthread_mutex_lock(&lock); made->next = uploads; uploads = made; pthread_mutex_unlock(&lock);
  if (header(c, "x-amz-checksum-algorithm", algorithm, sizeof algorithm)) snprintf(extra + strlen(extra), 90, "x-amz-checksum-algorithm: %s\r\n", algorithm);
  add(&out, "<InitiateMultipartUploadResult><UploadId>%lx</UploadId></InitiateMultipartUploadResult>", made->id);
  int failed = reply(c, "200 OK", extra, out.at, out.size); free(out.at); return failed;
}
static upload *take_upload(connection *c) {
  char value[64]; unsigned long id = parameter(c, "uploadId", value, sizeof value) ? strtoul(value, NULL, 16) : 0;
  pthread_mutex_lock(&lock);
  upload **slot = &uploads; while (*slot && (*slot)->id != id) slot = &(*slot)->next;
  upload *found = *slot; if (found) *slot = found->next;
  pthread_mutex_unlock(&lock);
  return found;
}
static int by_number(const void *a, const void *b) { return (*(part *const *)a)->number - (*(part *const *)b)->number; }
static int end_upload(connection *c, int complete) {
  sinking body = {0}; if (read_body(c, &body)) return -1;
  upload *found = take_upload(c);
  if (!found) return reply_error(c, "404 Not Found", "NoSuchUpload");
  size_t count = 0, size = 0; for (part *p = found->parts; p; p = p->next) count++;
  part **sorted = calloc(count + 1, sizeof *sorted); count = 0; for (part *p = found->parts; p; p = p->next) sorted[count++] = p;
  qsort(sorted, count, sizeof *sorted, by_number);
  segment *whole = NULL, **tail = &whole;
  for (size_t i = 0; i < count; i++) {
    size += sorted[i]->size; *tail = sorted[i]->body; while (*tail) tail = &(*tail)->next;
    free(sorted[i]);
  }
  free(sorted); free(found->key); free(found);
  if (!complete) { free_body(whole); return reply(c, "204 No Content", "", NULL, 0); }
  char etag[48]; put_object(c->path, whole, size, 0, "", etag);
  text out = {0}; add(&out, "<CompleteMultipartUploadResult><ETag>"); add_xml(&out, etag); add(&out, "</ETag></CompleteMultipartUploadResult>");
  return reply_xml(c, &out);
}
static int list(connection *c, const char *bucket) {
  char prefix[2048] = "", delimiter[16] = "", after[4096] = "", from[4096], start[4096], value[64], last[4096] = "", folder[4096] = "";
  parameter(c, "prefix", prefix, sizeof prefix); parameter(c, "delimiter", delimiter, sizeof delimiter);
  if (!parameter(c, "continuation-token", after, sizeof after) && !parameter(c, "start-after", after, sizeof after)) parameter(c, "marker", after, sizeof after);
  int page = parameter(c, "max-keys", value, sizeof value) ? atoi(value) : PAGE, count = 0, more = 0; if (page <= 0 || page > PAGE) page = PAGE;
  snprintf(start, sizeof start, "%s/%s", bucket, prefix); snprintf(from, sizeof from, "%s/%s", bucket, after);
  size_t bucket_size = strlen(bucket) + 1, start_size = strlen(start), found = 0, room = 1024; object **all = malloc(room * sizeof *all);
  text keys = {0}, folders = {0}; add(&keys, "%s", ""); add(&folders, "%s", "");
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < BUCKETS; i++) for (object *o = table[i]; o; o = o->next) {
    if (strncmp(o->key, start, start_size) || (after[0] && strcmp(o->key, from) <= 0)) continue;
    if (found == room) all = realloc(all, (room *= 2) * sizeof *all);
    all[found++] = o;
  }
  qsort(all, found, sizeof *all, by_key);
  for (size_t i = 0; i < found; i++) {
    const char *key = all[i]->key + bucket_size, *cut = delimiter[0] ? strstr(all[i]->key + start_size, delimiter) : NULL;
    size_t folder_size = cut ? cut + strlen(delimiter) - key : 0;
    if (cut && strlen(folder) == folder_size && !strncmp(folder, key, folder_size)) { snprintf(last, sizeof last, "%s", key); continue; }
    if (cut && after[0] && !strncmp(after, key, folder_size)) continue;
    if (count == page) { more = 1; break; }
    count++; snprintf(last, sizeof last, "%s", key);
    if (cut) { snprintf(folder, sizeof folder, "%.*s", (int)folder_size, key); add(&folders, "<CommonPrefixes><Prefix>"); add_xml(&folders, folder); add(&folders, "</Prefix></CommonPrefixes>"); continue; }
    char modified[40]; struct tm utc; gmtime_r(&all[i]->modified, &utc); strftime(modified, sizeof modified, "%Y-%m-%dT%H:%M:%S.000Z", &utc);
    add(&keys, "<Contents><Key>"); add_xml(&keys, key);
    add(&keys, "</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%zu</Size><StorageClass>STANDARD</StorageClass></Contents>", modified, all[i]->etag, all[i]->size);
  }
  pthread_mutex_unlock(&lock); free(all);
  text out = {0}; add(&out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>%s</Name><KeyCount>%d</KeyCount><MaxKeys>%d</MaxKeys><IsTruncated>%s</IsTruncated>", bucket, count, page, more ? "true" : "false");
  if (more) { add(&out, "<NextContinuationToken>"); add_xml(&out, last); add(&out, "</NextContinuationToken><NextMarker>"); add_xml(&out, last); add(&out, "</NextMarker>"); }
  add(&out, "%s%s</ListBucketResult>", keys.at, folders.at); free(keys.at); free(folders.at);
  return reply_xml(c, &out);
}
static int delete_many(connection *c) {
  sinking body = {.keep = 1}; if (read_body(c, &body)) return -1;
  text out = {0}; add(&out, "<DeleteResult>");
  char *at = body.at; if (at) { at = realloc(at, body.size + 1); at[body.size] = 0; if (body.body) body.body->bytes = at; }
  pthread_mutex_lock(&lock);
  for (; at && (at = strstr(at, "<Key>")); at += 5) {
    char key[8192]; size_t size = strcspn(at + 5, "<"); snprintf(key, sizeof key, "%s/%.*s", strtok(strdupa(c->path), "/"), (int)size, at + 5);
    delete_object(key);
  }
  pthread_mutex_unlock(&lock); free_body(body.body);
  add(&out, "</DeleteResult>"); return reply_xml(c, &out);
}
static int control(connection *c) {
  if (!strcmp(c->path, "__wipe")) {
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < BUCKETS; i++) while (table[i]) { object *first = table[i]; table[i] = first->next; release(first); }
    pthread_mutex_unlock(&lock);
  }
  struct rusage used; getrusage(RUSAGE_SELF, &used); text out = {0};
  add(&out, "{\"requests\":%lu,\"bytesIn\":%lu,\"bytesOut\":%lu,\"connections\":%lu,\"mostInFlight\":%lu,\"cpuSeconds\":%.3f}", requests, bytes_in, bytes_out, connections, most_in_flight,
      used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
  if (strcmp(c->path, "__stats")) requests = bytes_in = bytes_out = connections = most_in_flight = 0;
  double delay = delay_ms; delay_ms = 0; int failed = reply_xml(c, &out); delay_ms = delay; return failed;
}
static int answer(connection *c) {
  if (!strncmp(c->path, "__", 2)) return control(c);
  atomic_fetch_add(&requests, 1);
  unsigned long now = atomic_fetch_add(&in_flight, 1) + 1, most = most_in_flight;
  while (now > most && !atomic_compare_exchange_weak(&most_in_flight, &most, now)) ;
  char *slash = strchr(c->path, '/'); int is_bucket = !slash || !slash[1]; if (is_bucket && slash) *slash = 0;
  int failed;
  if (!strcmp(c->method, "PUT")) failed = put(c);
  else if (!strcmp(c->method, "POST") && parameter(c, "uploads", NULL, 0)) failed = open_upload(c);
  else if (!strcmp(c->method, "POST") && parameter(c, "uploadId", NULL, 0)) failed = end_upload(c, 1);
  else if (!strcmp(c->method, "POST")) failed = delete_many(c);
  else if (!strcmp(c->method, "DELETE") && parameter(c, "uploadId", NULL, 0)) failed = end_upload(c, 0);
  else if (!strcmp(c->method, "DELETE")) { pthread_mutex_lock(&lock); delete_object(c->path); pthread_mutex_unlock(&lock); failed = reply(c, "204 No Content", "", NULL, 0); }
  else if (!strcmp(c->method, "HEAD")) failed = is_bucket ? reply(c, "200 OK", "x-amz-bucket-region: us-east-1\r\n", NULL, 0) : get(c, 1);
  else if (!is_bucket) failed = get(c, 0);
  else if (parameter(c, "location", NULL, 0)) { text out = {0}; add(&out, "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"></LocationConstraint>"); failed = reply_xml(c, &out); }
  else if (parameter(c, "uploads", NULL, 0)) { text out = {0}; add(&out, "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>"); failed = reply_xml(c, &out); }
  else if (parameter(c, "versioning", NULL, 0)) { text out = {0}; add(&out, "<VersioningConfiguration/>"); failed = reply_xml(c, &out); }
  else failed = list(c, c->path);
  atomic_fetch_sub(&in_flight, 1);
  return failed;
}
/* @returns 0 once a whole head is in `head`, and what came behind it in `buffer` */
static int read_head(connection *c) {
  for (;;) {
    c->buffer[c->held] = 0;
    char *end = memmem(c->buffer, c->held, "\r\n\r\n", 4);
    if (end) {
      size_t size = end + 4 - c->buffer; memcpy(c->head, c->buffer, size - 2); c->head[size - 2] = 0;
      memmove(c->buffer, c->buffer + size, c->held - size); c->held -= size;
      return 0;
    }
    if (c->held == HEAD_BYTES) return -1;
    ssize_t got = receive(c, c->buffer + c->held, HEAD_BYTES - c->held); if (got <= 0) return -1;
    c->held += got; atomic_fetch_add(&bytes_in, got);
  }
}
static int parse_line(connection *c) {
  char target[8192];
  if (sscanf(c->head, "%15s %8191s", c->method, target) != 2) return -1;
  char *at = target; if (!strncmp(at, "http://", 7)) at = strchr(at + 7, '/'); if (!at || *at != '/') return -1;
  char *question = strchr(at, '?'); if (question) *question = 0;
  snprintf(c->path, sizeof c->path, "%s", at + 1); decode(c->path);
  snprintf(c->query, sizeof c->query, "%s", question ? question + 1 : "");
  return 0;
}
static void *serve(void *argument) {
  connection *c = argument; char value[64];
  if (!c->ssl || SSL_accept(c->ssl) == 1) while (!read_head(c) && !parse_line(c) && !answer(c)) {
    if (header(c, "connection", value, sizeof value) && !strcasecmp(value, "close")) break;
  }
  if (c->ssl) SSL_free(c->ssl);
  close(c->socket); free(c->scratch); free(c);
  return NULL;
}
typedef struct { int port, secure; } listener;
static void *listen_on(void *argument) {
  listener *self = argument; int one = 1, socket_ = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(self->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(socket_, (void *)&address, sizeof address) || listen(socket_, 4096)) { perror("sink"); exit(1); }
  printf("listening on %d\n", self->port); fflush(stdout);
  for (;;) {
    int accepted = accept(socket_, NULL, NULL); if (accepted < 0) continue;
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one); atomic_fetch_add(&connections, 1);
    connection *c = calloc(1, sizeof *c); c->socket = accepted; c->scratch = malloc(SCRATCH_BYTES);
    if (self->secure) { c->ssl = SSL_new(tls); SSL_set_fd(c->ssl, accepted); }
    pthread_attr_t attributes; pthread_attr_init(&attributes); pthread_attr_setstacksize(&attributes, 512 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_t thread; if (pthread_create(&thread, &attributes, serve, c)) exit(1);
  }
}
int main(int count, char **words) {
  listener plain = {.port = count > 1 ? atoi(words[1]) : 9000}, secure = {.secure = 1}; const char *cert = NULL, *key = NULL;
  for (int i = 2; i + 1 < count; i += 2) {
    if (!strcmp(words[i], "--delay-ms")) delay_ms = atof(words[i + 1]);
    else if (!strcmp(words[i], "--keep")) keep_all = !strcmp(words[i + 1], "all");
    else if (!strcmp(words[i], "--tls-port")) secure.port = atoi(words[i + 1]);
    else if (!strcmp(words[i], "--cert")) cert = words[i + 1];
    else if (!strcmp(words[i], "--key")) key = words[i + 1];
    else { fprintf(stderr, "sink: unknown option %s\n", words[i]); return 2; }
  }
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files = {65536, 65536}; setrlimit(RLIMIT_NOFILE, &files);
  if (secure.port) {
    tls = SSL_CTX_new(TLS_server_method());
    if (SSL_CTX_use_certificate_file(tls, cert, SSL_FILETYPE_PEM) != 1 || SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) { fprintf(stderr, "sink: no certificate\n"); return 1; }
    pthread_t thread; pthread_create(&thread, NULL, listen_on, &secure);
  }
  listen_on(&plain);
}
