/*
 * A terminal on OpenPACE: PACE with the access number, then plain files under its secure messaging, over PC/SC.
 *
 * Usage: terminal CAN TIMES [FOLDER]. Prints one JSON line; exits 0 if every read was complete. With a folder, the files
 * of the last read are written there.
 *
 * Standard: ICAO Doc 9303-11, 4.4 and 9.8. PACE, key derivation, encryption and checksums are OpenPACE's; only the data
 * objects around them are built here.
 */
#include <eac/eac.h>
#include <eac/pace.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <winscard.h>

#define FILE_MAX 65536
/* Plain bytes that fit a protected answer of 256 bytes. */
#define BLOCK 223

struct bytes {
    size_t len;
    uint8_t at[FILE_MAX];
};

static SCARDHANDLE card;
static DWORD protocol;
static const char *failed = NULL;

/* Remembers the first failure and where it was. */
static int fail(const char *what)
{
    if (!failed)
        failed = what;
    return 0;
}

static int transmit(const uint8_t *command, size_t len, struct bytes *answer)
{
    SCARD_IO_REQUEST request = { protocol, sizeof request };
    DWORD got = sizeof answer->at;
    if (SCardTransmit(card, &request, command, len, NULL, answer->at, &got) != SCARD_S_SUCCESS || got < 2)
        return fail("transmit");
    answer->len = got;
    return 1;
}

static int is_ok(const struct bytes *answer)
{
    return answer->at[answer->len - 2] == 0x90 && answer->at[answer->len - 1] == 0x00;
}

/* Appends a data object with a one-byte tag. */
static void put(struct bytes *out, uint8_t tag, const void *value, size_t len)
{
    out->at[out->len++] = tag;
    if (len > 255) {
        out->at[out->len++] = 0x82;
        out->at[out->len++] = len >> 8;
    } else if (len > 127) {
        out->at[out->len++] = 0x81;
    }
    out->at[out->len++] = len & 0xFF;
    memcpy(out->at + out->len, value, len);
    out->len += len;
}

/* Reads tag and length at *offset and moves it behind the value; the value's address, or NULL. */
static const uint8_t *take(const uint8_t *data, size_t len, size_t *offset, uint8_t *tag, size_t *value_len)
{
    size_t at = *offset, count = 0;
    if (len - at < 2 || at >= len)
        return NULL;
    *tag = data[at++];
    *value_len = data[at++];
    if (*value_len > 0x82 || *value_len == 0x80)
        return NULL;
    if (*value_len > 0x80) {
        count = *value_len & 0x7F;
        if (len - at < count)
            return NULL;
        for (*value_len = 0; count > 0; count--)
            *value_len = *value_len << 8 | data[at++];
    }
    if (len - at < *value_len)
        return NULL;
    *offset = at + *value_len;
    return data + at;
}

/* One GENERAL AUTHENTICATE of PACE: sends one data object (none at first) and takes the one that comes back. */
static BUF_MEM *authenticate(uint8_t cla, uint8_t tag, const BUF_MEM *value, uint8_t expected)
{
    static struct bytes inner, outer, command, answer;
    size_t offset = 0, len = 0;
    uint8_t found = 0;
    inner.len = outer.len = command.len = 0;
    if (value)
        put(&inner, tag, value->data, value->length);
    put(&outer, 0x7C, inner.at, inner.len);
    const uint8_t head[] = { cla, 0x86, 0, 0, (uint8_t)outer.len };
    memcpy(command.at, head, sizeof head);
    memcpy(command.at + sizeof head, outer.at, outer.len);
    command.len = sizeof head + outer.len;
    command.at[command.len++] = 0;
    if (!transmit(command.at, command.len, &answer))
        return NULL;
    const uint8_t *data = is_ok(&answer) ? take(answer.at, answer.len - 2, &offset, &found, &len) : NULL;
    if (!data || found != 0x7C) {
        fail("GENERAL AUTHENTICATE");
        return NULL;
    }
    offset = 0;
    data = take(data, len, &offset, &found, &len);
    if (!data || found != expected) {
        fail("dynamic authentication data");
        return NULL;
    }
    BUF_MEM *out = BUF_MEM_new();
    if (out && BUF_MEM_grow(out, len))
        memcpy(out->data, data, len);
    return out;
}

static int select_pace(const EAC_CTX *ctx)
{
    struct bytes *data = calloc(1, sizeof *data);
    static struct bytes answer;
    uint8_t command[64] = { 0x00, 0x22, 0xC1, 0xA4, 0 };
    const ASN1_OBJECT *oid = OBJ_nid2obj(ctx->pace_ctx->protocol);
    const uint8_t can = 2;
    if (!data)
        return fail("memory");
    put(data, 0x80, OBJ_get0_data(oid), OBJ_length(oid));
    put(data, 0x83, &can, 1);
    command[4] = data->len;
    memcpy(command + 5, data->at, data->len);
    int done = transmit(command, 5 + data->len, &answer) && (is_ok(&answer) || fail("MSE:SET AT"));
    free(data);
    return done;
}

static int pace(EAC_CTX *ctx, const char *can)
{
    PACE_SEC *password = PACE_SEC_new(can, strlen(can), PACE_CAN);
    BUF_MEM *in[4] = { 0 }, *out[3] = { 0 };
    int done = password && select_pace(ctx)
        && (in[0] = authenticate(0x10, 0, NULL, 0x80))
        && (PACE_STEP2_dec_nonce(ctx, password, in[0]) || fail("nonce"))
        && (out[0] = PACE_STEP3A_generate_mapping_data(ctx))
        && (in[1] = authenticate(0x10, 0x81, out[0], 0x82))
        && (PACE_STEP3A_map_generator(ctx, in[1]) || fail("mapping"))
        && (out[1] = PACE_STEP3B_generate_ephemeral_key(ctx))
        && (in[2] = authenticate(0x10, 0x83, out[1], 0x84))
        && (PACE_STEP3B_compute_shared_secret(ctx, in[2]) || fail("shared secret"))
        && (PACE_STEP3C_derive_keys(ctx) || fail("keys"))
        && (out[2] = PACE_STEP3D_compute_authentication_token(ctx, in[2]))
        && (in[3] = authenticate(0x00, 0x85, out[2], 0x86))
        && (PACE_STEP3D_verify_authentication_token(ctx, in[3]) || fail("token"))
        && (EAC_CTX_set_encryption_ctx(ctx, EAC_ID_PACE) || fail("session"));
    for (int i = 0; i < 4; i++)
        BUF_MEM_free(in[i]);
    for (int i = 0; i < 3; i++)
        BUF_MEM_free(out[i]);
    PACE_SEC_clear_free(password);
    return done;
}

static BUF_MEM *buffer(const uint8_t *data, size_t len)
{
    BUF_MEM *out = BUF_MEM_new();
    if (out && BUF_MEM_grow(out, len) == len && len)
        memcpy(out->data, data, len);
    return out;
}

/* Pads, then encrypts (mode 0) or authenticates (mode 1). */
static BUF_MEM *protect(EAC_CTX *ctx, const uint8_t *data, size_t len, int mode)
{
    BUF_MEM *plain = buffer(data, len), *padded = plain ? EAC_add_iso_pad(ctx, plain) : NULL, *out = NULL;
    if (padded)
        out = mode ? EAC_authenticate(ctx, padded) : EAC_encrypt(ctx, padded);
    BUF_MEM_free(plain);
    BUF_MEM_free(padded);
    return out;
}

/* Sends a command inside the session: data (may be none) and Le (negative: none); the plain answer in `out`. */
static int send_protected(EAC_CTX *ctx, const uint8_t head[4], const uint8_t *data, size_t len, int le,
    struct bytes *out)
{
    static struct bytes objects, input, command, answer;
    uint8_t tag = 0;
    size_t offset = 0, value_len = 0;
    objects.len = input.len = out->len = 0;
    if (!EAC_increment_ssc(ctx))
        return fail("counter");
    if (len) {
        BUF_MEM *cryptogram = protect(ctx, data, len, 0);
        if (!cryptogram)
            return fail("encrypt");
        uint8_t value[512] = { 0x01 };
        memcpy(value + 1, cryptogram->data, cryptogram->length);
        put(&objects, 0x87, value, cryptogram->length + 1);
        BUF_MEM_free(cryptogram);
    }
    if (le >= 0) {
        uint8_t byte = le & 0xFF;
        put(&objects, 0x97, &byte, 1);
    }
    /* The header is padded to a block of its own. */
    const uint8_t padded[16] = { head[0] | 0x0C, head[1], head[2], head[3], 0x80 };
    memcpy(input.at, padded, sizeof padded);
    memcpy(input.at + sizeof padded, objects.at, objects.len);
    BUF_MEM *mac = protect(ctx, input.at, sizeof padded + objects.len, 1);
    if (!mac)
        return fail("authenticate");
    put(&objects, 0x8E, mac->data, 8);
    BUF_MEM_free(mac);
    memcpy(command.at, padded, 4);
    command.at[4] = objects.len;
    memcpy(command.at + 5, objects.at, objects.len);
    command.at[5 + objects.len] = 0;
    if (!transmit(command.at, 6 + objects.len, &answer))
        return 0;

    /* The answer: 87 (perhaps), 99, 8E over both. */
    if (!EAC_increment_ssc(ctx))
        return fail("counter");
    const uint8_t *cryptogram = NULL, *status = NULL, *value;
    size_t cryptogram_len = 0, covered = 0, end = answer.len - 2;
    while (offset < end && (value = take(answer.at, end, &offset, &tag, &value_len))) {
        if (tag == 0x87) {
            cryptogram = value;
            cryptogram_len = value_len;
        } else if (tag == 0x99) {
            status = value;
        } else if (tag == 0x8E) {
            break;
        }
        covered = offset;
    }
    if (tag != 0x8E || value_len != 8 || !status)
        return fail("answer is not protected");
    BUF_MEM *expected = protect(ctx, answer.at, covered, 1);
    int genuine = expected && memcmp(expected->data, value, 8) == 0;
    BUF_MEM_free(expected);
    if (!genuine)
        return fail("checksum of an answer");
    if (status[0] != 0x90 && status[0] != 0x62)
        return fail("status of an answer");
    if (cryptogram) {
        BUF_MEM *encrypted = buffer(cryptogram + 1, cryptogram_len - 1);
        BUF_MEM *decrypted = encrypted ? EAC_decrypt(ctx, encrypted) : NULL;
        BUF_MEM *plain = decrypted ? EAC_remove_iso_pad(decrypted) : NULL;
        if (plain) {
            memcpy(out->at, plain->data, plain->length);
            out->len = plain->length;
        }
        BUF_MEM_free(encrypted);
        BUF_MEM_free(decrypted);
        BUF_MEM_free(plain);
        if (!out->len)
            return fail("decrypt");
    }
    return 1;
}

static int read_file(EAC_CTX *ctx, uint16_t id, struct bytes *file)
{
    static struct bytes part;
    const uint8_t select[] = { 0x00, 0xA4, 0x02, 0x0C }, name[] = { id >> 8, id & 0xFF };
    size_t total = 0;
    file->len = 0;
    if (!send_protected(ctx, select, name, 2, -1, &part))
        return 0;
    do {
        size_t left = total ? total - file->len : BLOCK;
        const uint8_t read[] = { 0x00, 0xB0, file->len >> 8, file->len & 0xFF };
        if (!send_protected(ctx, read, NULL, 0, left < BLOCK ? (int)left : BLOCK, &part) || !part.len)
            return fail("READ BINARY");
        if (file->len + part.len > FILE_MAX)
            return fail("file too long");
        memcpy(file->at + file->len, part.at, part.len);
        file->len += part.len;
        if (!total) {
            total = part.at[1] < 0x80 ? 2u + part.at[1]
                : part.at[1] == 0x81 ? 3u + part.at[2] : 4u + (part.at[2] << 8 | part.at[3]);
        }
    } while (file->len < total);
    return 1;
}

static const struct { const char *name; uint16_t id; uint8_t tag; } FILES[] = {
    { "EF.COM", 0x011E, 0x60 }, { "EF.SOD", 0x011D, 0x77 }, { "DG1", 0x0101, 0x61 },
    { "DG2", 0x0102, 0x75 }, { "DG13", 0x010D, 0x6D },
};
#define FILE_COUNT (sizeof FILES / sizeof *FILES)

static int run(SCARDCONTEXT context, const char *reader, const char *can, size_t sizes[], const char *folder)
{
    static struct bytes access, file;
    static const uint8_t read_access[] = { 0x00, 0xB0, 0x9C, 0x00, 0x00 };
    static const uint8_t select[] = { 0x00, 0xA4, 0x04, 0x0C }, application[] = { 0xA0, 0, 0, 2, 0x47, 0x10, 1 };
    if (SCardConnect(context, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card, &protocol)
        != SCARD_S_SUCCESS)
        return fail("connect");
    EAC_CTX *ctx = EAC_CTX_new();
    int done = ctx && transmit(read_access, sizeof read_access, &access) && (is_ok(&access) || fail("EF.CardAccess"))
        && (EAC_CTX_init_ef_cardaccess(access.at, access.len - 2, ctx) || fail("EF.CardAccess malformed"))
        && (ctx->pace_ctx || fail("no PACE")) && pace(ctx, can)
        && send_protected(ctx, select, application, sizeof application, -1, &file);
    for (size_t i = 0; done && i < FILE_COUNT; i++) {
        done = read_file(ctx, FILES[i].id, &file) && (file.at[0] == FILES[i].tag || fail("tag"));
        sizes[i] = file.len;
        if (done && folder) {
            char path[512];
            snprintf(path, sizeof path, "%s/%s.bin", folder, FILES[i].name);
            FILE *to = fopen(path, "wb");
            done = to && fwrite(file.at, 1, file.len, to) == file.len;
            if (to)
                fclose(to);
        }
    }
    EAC_CTX_clear_free(ctx);
    SCardDisconnect(card, SCARD_RESET_CARD);
    return done;
}

int main(int argc, char **argv)
{
    SCARDCONTEXT context;
    char readers[4096] = "";
    DWORD len = sizeof readers;
    size_t sizes[FILE_COUNT] = { 0 };
    if (argc < 3) {
        fprintf(stderr, "terminal CAN TIMES [FOLDER]\n");
        return 2;
    }
    EAC_init();
    const char *reader = NULL;
    if (SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context) == SCARD_S_SUCCESS
        && SCardListReaders(context, NULL, readers, &len) == SCARD_S_SUCCESS)
        for (reader = readers; *reader && !strstr(reader, "Virtual PCD 00 00"); reader += strlen(reader) + 1)
            ;
    if (!reader || !*reader) {
        printf("{\"reader\":\"openpace\",\"error\":\"no virtual reader\"}\n");
        return 1;
    }
    int times = atoi(argv[2]), good = 0;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < times; i++)
        good += run(context, reader, argv[1], sizes, argc > 3 ? argv[3] : NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    SCardReleaseContext(context);
    double ms = (end.tv_sec - start.tv_sec) * 1e3 + (end.tv_nsec - start.tv_nsec) / 1e6;
    printf("{\"reader\":\"openpace\",\"reads\":%d,\"good\":%d,\"milliseconds_mean\":%.0f,\"files\":{", times, good, ms / times);
    for (size_t i = 0; i < FILE_COUNT; i++)
        printf("%s\"%s\":%zu", i ? "," : "", FILES[i].name, sizes[i]);
    printf("},\"error\":%s%s%s}\n", failed ? "\"" : "", failed ? failed : "null", failed ? "\"" : "");
    EAC_cleanup();
    return good == times ? 0 : 1;
}
