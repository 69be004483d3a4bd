--
-- PostgreSQL database dump
--


-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: registry_index_search; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.registry_index_search (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    folded_name text NOT NULL COLLATE pg_catalog."C",
    folded_description text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: registry_index_state; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.registry_index_state (
    name text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL
);


--
-- Name: repository; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.repository (
    id integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text
);


--
-- Name: repository_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.repository_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: repository_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.repository_id_seq OWNED BY public.repository.id;


--
-- Name: version; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.version (
    id integer NOT NULL
);


--
-- Name: version_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.version_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: version_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.version_id_seq OWNED BY public.version.id;


--
-- Name: repository id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.repository ALTER COLUMN id SET DEFAULT nextval('public.repository_id_seq'::regclass);


--
-- Name: version id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.version ALTER COLUMN id SET DEFAULT nextval('public.version_id_seq'::regclass);


--
-- Data for Name: registry_index_search; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.registry_index_search VALUES
	(1, 'alpine', 'alpine', 'a very small linux: the base of most of our images'),
	(2, 'base/dotnet', 'base/dotnet', '.net runtime on debian, without root'),
	(3, 'base/java', 'base/java', 'openjdk with a heap that fits its container'),
	(4, 'base/node', 'base/node', 'node.js with npm, for building web front ends'),
	(5, 'base/python', 'base/python', 'python with pip and a compiler for wheels'),
	(6, 'debian', 'debian', 'debian stable with our certificates and time zone'),
	(7, 'grafana', 'grafana', 'dashboards for all teams 📈'),
	(8, 'legacy/crm_2009', 'legacy/crm_2009', 'the old customer database, read only; ask before you touch it'),
	(10, 'platform/ci', 'platform/ci', 'the build server itself'),
	(11, 'platform/ci/cache', 'platform/ci/cache', 'keeps packages close to the runners'),
	(12, 'platform/ci/runner', 'platform/ci/runner', 'runs build jobs; one container for each job'),
	(13, 'platform/ci/runner/windows-cross', 'platform/ci/runner/windows-cross', 'runner with a cross compiler for windows'),
	(14, 'platform/ingress', 'platform/ingress', 'lets traffic into the cluster, with rate limits'),
	(15, 'platform/logging/collector', 'platform/logging/collector', 'ships the logs of all containers to the log store'),
	(16, 'platform/logging/store', 'platform/logging/store', 'holds logs for thirty days, searchable'),
	(17, 'platform/secrets', 'platform/secrets', 'hands secrets to services that may have them'),
	(18, 'postgres', 'postgres', 'postgresql with postgis, pg_trgm and nightly backups'),
	(19, 'prometheus', 'prometheus', 'metrics and alerts; scrapes every namespace'),
	(20, 'rabbitmq', 'rabbitmq', 'rabbitmq with the management console'),
	(22, 'registry', 'registry', 'the container registry that serves these images'),
	(23, 'research/notebooks', 'research/notebooks', 'jupyter with the figures of the last quarter'),
	(24, 'research/vision/models/ocr', 'research/vision/models/ocr', 'reads text from scanned delivery notes'),
	(25, 'research/vision/models/segmentation', 'research/vision/models/segmentation', 'segments product photos: background away'),
	(26, 'team/billing/invoices', 'team/billing/invoices', 'erstellt rechnungen als pdf und prüft die umsatzsteuer'),
	(27, 'team/billing/ledger', 'team/billing/ledger', 'das hauptbuch: buchungen, abschlüsse, auswertungen für die geschäftsführung'),
	(28, 'team/billing/mahnung', 'team/billing/mahnung', 'mahnt säumige kunden freundlich, dann weniger freundlich'),
	(29, 'team/mobile/gateway', 'team/mobile/gateway', 'the one address that the mobile apps talk to'),
	(30, 'team/mobile/push', 'team/mobile/push', 'sends push messages to phones 📱'),
	(31, 'team/shop', 'team/shop', 'the web shop as one image, for demonstrations'),
	(32, 'team/shop/api', 'team/shop/api', 'http interface of the shop: catalog, cart and checkout'),
	(33, 'team/shop/payments', 'team/shop/payments', 'card payments and refunds; talks to the bank'),
	(34, 'team/shop/search', 'team/shop/search', 'product search of the shop, fed from the catalog'),
	(35, 'team/shop/web', 'team/shop/web', 'web front end of the shop'),
	(36, 'team/shop/worker', 'team/shop/worker', 'background jobs: mails, invoices, stock levels'),
	(37, 'team-tokyo/address', 'team-tokyo/address', '郵便番号から住所を検索するサービス'),
	(38, 'team-tokyo/shop-ja', 'team-tokyo/shop-ja', '日本語のショップ画面'),
	(39, 'tools/backup', 'tools/backup', 'copies volumes and databases to the object store at night'),
	(40, 'tools/curl', 'tools/curl', 'curl and jq, to look around in a cluster'),
	(41, 'tools/db-migrate', 'tools/db-migrate', 'applies schema migrations to postgresql before a release'),
	(42, 'tools/scratchpad', 'tools/scratchpad', ''),
	(43, 'web', 'web', 'nothing but web'),
	(44, 'app', 'app', 'an app'),
	(45, 'a', 'a', 'one letter'),
	(46, 'b', 'b', ''),
	(47, 'x', 'x', 'x marks the spot'),
	(48, 'z9', 'z9', ''),
	(49, 'ab', 'ab', 'two letters'),
	(50, 'go', 'go', 'the go tool chain'),
	(51, 'db', 'db', 'db'),
	(52, 'os/db', 'os/db', 'a database for everything'),
	(53, '1', '1', ''),
	(54, '42/7', '42/7', 'digits only'),
	(55, '0a/0b/0c', '0a/0b/0c', ''),
	(56, 'team/web', 'team/web', 'the front end of the shop'),
	(57, 'team/web/api', 'team/web/api', 'behind the front end'),
	(58, 'team/web/api/v1', 'team/web/api/v1', ''),
	(59, 'team/web/api/v1/test', 'team/web/api/v1/test', 'five segments'),
	(60, 'team/web/api/v1/test/deep', 'team/web/api/v1/test/deep', 'six segments, which is deep'),
	(61, 'team/web/api/v2', 'team/web/api/v2', ''),
	(62, 'team', 'team', ''),
	(63, 'team-a/web', 'team-a/web', ''),
	(64, 'team_b/web', 'team_b/web', ''),
	(65, 'team.c/web', 'team.c/web', ''),
	(66, 'team--a/web', 'team--a/web', ''),
	(67, 'team__b/web', 'team__b/web', ''),
	(68, 'Team/Web', 'team/web', 'upper case is legal, and another repository'),
	(69, 'TEAM/WEB', 'team/web', 'shouting'),
	(70, 'tEaM/wEb', 'team/web', ''),
	(71, 'library/Ubuntu-Core', 'library/ubuntu-core', 'the core'),
	(72, 'API/Gateway', 'api/gateway', 'one door'),
	(73, 'app/app', 'app/app', 'twice'),
	(74, 'app/app/app', 'app/app/app', 'three times'),
	(75, 'app/app-x', 'app/app-x', 'starts twice, ends otherwise'),
	(76, 'app-x/app', 'app-x/app', 'the other way round'),
	(77, 'app/app-x/app-xy', 'app/app-x/app-xy', ''),
	(78, 'app-x/app-x', 'app-x/app-x', ''),
	(79, 'app/appa', 'app/appa', ''),
	(80, 'appa/app', 'appa/app', ''),
	(81, 'x/app/app-x', 'x/app/app-x', ''),
	(82, 'aa/aaa/aaaa', 'aa/aaa/aaaa', 'a run of a'),
	(83, 'a/a/a/a/a/a', 'a/a/a/a/a/a', 'six equal segments'),
	(84, 'a-a/a.a/a_a', 'a-a/a.a/a_a', ''),
	(85, 'minio/minio', 'minio/minio', 'object store'),
	(86, 'grafana/grafana', 'grafana/grafana', 'dashboards'),
	(87, 'grafana/loki', 'grafana/loki', 'logs beside grafana'),
	(88, 'calico/node', 'calico/node', 'a node of the network'),
	(89, 'node', 'node', 'node.js'),
	(90, 'node/exporter', 'node/exporter', 'figures of a node'),
	(91, 'shop-web/web-shop', 'shop-web/web-shop', 'mirrored words'),
	(92, 'web-web/web', 'web-web/web', ''),
	(93, 'web.web.web', 'web.web.web', ''),
	(94, 'webweb/web', 'webweb/web', ''),
	(95, 'library/ubuntu', 'library/ubuntu', 'linux for people'),
	(96, 'library/debian', 'library/debian', 'the universal operating system'),
	(97, 'library/redis', 'library/redis', 'in memory: cache, queue, lock'),
	(98, 'library/postgres', 'library/postgres', 'postgresql with nightly backups'),
	(99, 'library/nginx', 'library/nginx', 'the official one'),
	(100, 'library/node', 'library/node', 'the official node.js'),
	(101, 'library/app', 'library/app', ''),
	(102, 'library/web', 'library/web', 'library''s web');
INSERT INTO public.registry_index_search VALUES
	(103, 'library/busybox', 'library/busybox', 'small'),
	(104, 'library/registry', 'library/registry', 'where all of it is'),
	(105, 'my/library/nginx', 'my/library/nginx', 'library in the middle'),
	(106, 'libraries/nginx', 'libraries/nginx', ''),
	(107, 'library', 'library', ''),
	(108, 'bitnami/redis', 'bitnami/redis', 'redis, packaged'),
	(109, 'bitnami/redis-cluster', 'bitnami/redis-cluster', 'redis on several machines'),
	(110, 'under_score/under_score', 'under_score/under_score', '_ is an ordinary character'),
	(111, 'under-score/under.score', 'under-score/under.score', ''),
	(112, 'under__score', 'under__score', ''),
	(113, 'a-b/c_d/e.f', 'a-b/c_d/e.f', ''),
	(114, 'v1.2.3/build-4_5', 'v1.2.3/build-4_5', ''),
	(115, 'x86_64/tools', 'x86_64/tools', 'for x86_64'),
	(116, '50/off', '50/off', '50 % off, not 50_off'),
	(117, 'fifty/off', 'fifty/off', '50% off_now'),
	(118, 'like/percent', 'like/percent', '100%'),
	(119, 'like/underscore', 'like/underscore', 'a_b'),
	(120, 'like/backslash', 'like/backslash', 'c:\temp\new'),
	(121, 'like/quote', 'like/quote', 'it''s "quoted" ''twice'''),
	(122, 'like/star', 'like/star', '* and ? and [a-z]'),
	(123, 'like/semicolon', 'like/semicolon', '''; drop table repository; --'),
	(124, 'like/json', 'like/json', '{"name": [1, null]}'),
	(125, 'like/html', 'like/html', '<b>bold</b> & <script>alert(1)</script>'),
	(126, 'long/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/end', 'long/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/end', 'a name of many segments'),
	(127, 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', '255 letters'),
	(128, 'deep/word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word', 'deep/word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word', ''),
	(129, 'd/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/e', 'd/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/e', '128 segments'),
	(130, 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-one', 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-one', ''),
	(131, 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-two', 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-two', ''),
	(132, 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-two/more', 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-two/more', ''),
	(133, 'text/350', 'text/350', 'descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive descriptive ab'),
	(134, 'text/350-wide', 'text/350-wide', '🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳'),
	(135, 'text/350-cjk', 'text/350-cjk', '容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像索引'),
	(136, 'text/tail-one', 'text/tail-one', 'the same long text that differs only at its very end, in the last character: 1'),
	(137, 'text/tail-two', 'text/tail-two', 'the same long text that differs only at its very end, in the last character: 2'),
	(138, 'text/none', 'text/none', ''),
	(139, 'text/cjk', 'text/cjk', '日本語のショップ画面'),
	(140, 'text/chinese', 'text/chinese', '郵便番号から住所を検索するサービス'),
	(141, 'text/korean', 'text/korean', '이미지 검색'),
	(142, 'text/emoji', 'text/emoji', 'ships 🚀 to 🌍 with 👩‍👩‍👧‍👦 aboard'),
	(143, 'text/flag', 'text/flag', '🇩🇪 and 🇯🇵'),
	(144, 'text/nfc', 'text/nfc', 'café au lait'),
	(145, 'text/nfd', 'text/nfd', 'café au lait'),
	(146, 'text/combining', 'text/combining', 'à́̂ stacked'),
	(147, 'text/umlaut', 'text/umlaut', 'prüft umsatzsteuer für die geschäftsführung'),
	(148, 'text/UMLAUT', 'text/umlaut', 'prüft umsatzsteuer'),
	(149, 'text/sharp', 'text/sharp', 'straße'),
	(150, 'text/sharp-ss', 'text/sharp-ss', 'strasse and strasse'),
	(151, 'text/capital-sharp', 'text/capital-sharp', 'straße'),
	(152, 'text/greek', 'text/greek', 'οδυσσευσ οδυσσεύσ οδυσσευσ'),
	(153, 'text/turkish', 'text/turkish', 'İstanbul isparta ısparta istanbul'),
	(154, 'text/cyrillic', 'text/cyrillic', 'быстрый поиск'),
	(155, 'text/arabic', 'text/arabic', 'بحث في السجل'),
	(156, 'text/hebrew', 'text/hebrew', 'חיפוש'),
	(157, 'text/thai', 'text/thai', 'ค้นหาอิมเมจ'),
	(158, 'text/kelvin', 'text/kelvin', 'k and å and ω'),
	(159, 'text/titlecase', 'text/titlecase', 'ǆ ǆ ǆ'),
	(160, 'text/cherokee', 'text/cherokee', 'ᎠᎠ'),
	(161, 'text/deseret', 'text/deseret', '𐐨𐐨'),
	(162, 'text/fullwidth', 'text/fullwidth', 'ｗｅｂ ｗｅｂ'),
	(163, 'text/ligature', 'text/ligature', 'ﬁne ofﬁce'),
	(164, 'text/spaces', 'text/spaces', 'two spaces, three and an em space'),
	(165, 'text/lines', 'text/lines', 'first line second line tabbed third'),
	(166, 'text/bom', 'text/bom', '﻿starts with u+feff'),
	(167, 'text/zwj', 'text/zwj', 'zero‍width​space'),
	(168, 'text/bidi', 'text/bidi', 'abc ‮def‬ ghi'),
	(169, 'text/max', 'text/max', '￿ and 􏿿 end'),
	(170, 'text/replacement', 'text/replacement', 'lost � here'),
	(171, 'text/private', 'text/private', ''),
	(172, 'text/control', 'text/control', 'bell and escape [31m red'),
	(173, 'text/web-only', 'text/web-only', 'finds web, app and shop in the description alone'),
	(174, 'text/word-end', 'text/word-end', 'web'),
	(175, 'text/word-middle', 'text/word-middle', 'cobwebs in the attic'),
	(176, 'text/64', 'text/64', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxwebtailyyyyyyyyyyyyyyyyyyyy'),
	(177, 'text/eight', 'text/eight', 'one two three four five six seven eight'),
	(178, 'text/upper', 'text/upper', 'all in capitals'),
	(179, 'text/number', 'text/number', '3.14159 and 2,718'),
	(180, 'text/url', 'text/url', 'https://example.com/web?q=a%20b&c=d#e'),
	(181, 'text/leading', 'text/leading', 'leading and trailing'),
	(182, 'fill/app-00', 'fill/app-00', ''),
	(183, 'fill/app-01', 'fill/app-01', 'filler number 1 of the shop'),
	(184, 'fill/app-02', 'fill/app-02', 'filler number 2 of the shop'),
	(185, 'fill/app-03', 'fill/app-03', ''),
	(186, 'fill/app-04', 'fill/app-04', 'filler number 4 of the shop'),
	(187, 'fill/app-05', 'fill/app-05', 'filler number 5 of the shop'),
	(188, 'fill/app-06', 'fill/app-06', ''),
	(189, 'fill/app-07', 'fill/app-07', 'filler number 7 of the shop'),
	(190, 'fill/app-08', 'fill/app-08', 'filler number 8 of the shop'),
	(191, 'fill/app-09', 'fill/app-09', ''),
	(192, 'fill/app-10', 'fill/app-10', 'filler number 10 of the shop'),
	(193, 'fill/app-11', 'fill/app-11', 'filler number 11 of the shop'),
	(194, 'fill/app-12', 'fill/app-12', ''),
	(195, 'fill/app-13', 'fill/app-13', 'filler number 13 of the shop'),
	(196, 'fill/app-14', 'fill/app-14', 'filler number 14 of the shop'),
	(197, 'fill/app-15', 'fill/app-15', ''),
	(198, 'fill/app-16', 'fill/app-16', 'filler number 16 of the shop'),
	(199, 'fill/app-17', 'fill/app-17', 'filler number 17 of the shop'),
	(200, 'fill/app-18', 'fill/app-18', ''),
	(201, 'fill/app-19', 'fill/app-19', 'filler number 19 of the shop'),
	(202, 'fill/app-20', 'fill/app-20', 'filler number 20 of the shop');
INSERT INTO public.registry_index_search VALUES
	(203, 'fill/app-21', 'fill/app-21', ''),
	(204, 'fill/app-22', 'fill/app-22', 'filler number 22 of the shop'),
	(205, 'fill/app-23', 'fill/app-23', 'filler number 23 of the shop'),
	(206, 'fill/a/service', 'fill/a/service', 'service a'),
	(207, 'fill/b/service', 'fill/b/service', 'service b'),
	(208, 'fill/c/service', 'fill/c/service', 'service c'),
	(209, 'fill/d/service', 'fill/d/service', 'service d'),
	(210, 'fill/e/service', 'fill/e/service', 'service e'),
	(211, 'fill/f/service', 'fill/f/service', 'service f'),
	(9, 'nginx', 'nginx', 'the web server and reverse proxy of all teams'),
	(21, 'redis', 'redis', 'a redis of our own');


--
-- Data for Name: registry_index_state; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.registry_index_state VALUES
	('schema', '1'),
	('mark:first-load', '{"state":"Done","seconds":30}'),
	('mark:sync-log', '{"begun":1,"completed":1,"last":{"ended":"2026-11-27T00:28:45.394088+00:00","changes":0,"withheld":0}}'),
	('mark:sync', '{"state":"Done","seconds":30}');


--
-- Data for Name: repository; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.repository VALUES
	(1, 'alpine', 'A very small Linux: the base of most of our images'),
	(2, 'base/dotnet', '.NET runtime on Debian, without root'),
	(3, 'base/java', 'OpenJDK with a heap that fits its container'),
	(4, 'base/node', 'Node.js with npm, for building web front ends'),
	(5, 'base/python', 'Python with pip and a compiler for wheels'),
	(6, 'debian', 'Debian stable with our certificates and time zone'),
	(7, 'grafana', 'Dashboards for all teams 📈'),
	(8, 'legacy/crm_2009', 'The old customer database, read only; ask before you touch it'),
	(10, 'platform/ci', 'The build server itself'),
	(11, 'platform/ci/cache', 'Keeps packages close to the runners'),
	(12, 'platform/ci/runner', 'Runs build jobs; one container for each job'),
	(13, 'platform/ci/runner/windows-cross', 'Runner with a cross compiler for Windows'),
	(14, 'platform/ingress', 'Lets traffic into the cluster, with rate limits'),
	(15, 'platform/logging/collector', 'Ships the logs of all containers to the log store'),
	(16, 'platform/logging/store', 'Holds logs for thirty days, searchable'),
	(17, 'platform/secrets', 'Hands secrets to services that may have them'),
	(18, 'postgres', 'PostgreSQL with PostGIS, pg_trgm and nightly backups'),
	(19, 'prometheus', 'Metrics and alerts; scrapes every namespace'),
	(20, 'rabbitmq', 'RabbitMQ with the management console'),
	(22, 'registry', 'The container registry that serves these images'),
	(23, 'research/notebooks', 'Jupyter with the figures of the last quarter'),
	(24, 'research/vision/models/ocr', 'Reads text from scanned delivery notes'),
	(25, 'research/vision/models/segmentation', 'Segments product photos: background away'),
	(26, 'team/billing/invoices', 'Erstellt Rechnungen als PDF und prüft die Umsatzsteuer'),
	(27, 'team/billing/ledger', 'Das Hauptbuch: Buchungen, Abschlüsse, Auswertungen für die Geschäftsführung'),
	(28, 'team/billing/mahnung', 'Mahnt säumige Kunden freundlich, dann weniger freundlich'),
	(29, 'team/mobile/gateway', 'The one address that the mobile apps talk to'),
	(30, 'team/mobile/push', 'Sends push messages to phones 📱'),
	(31, 'team/shop', 'The web shop as one image, for demonstrations'),
	(32, 'team/shop/api', 'HTTP interface of the shop: catalog, cart and checkout'),
	(33, 'team/shop/payments', 'Card payments and refunds; talks to the bank'),
	(34, 'team/shop/search', 'Product search of the shop, fed from the catalog'),
	(35, 'team/shop/web', 'Web front end of the shop'),
	(36, 'team/shop/worker', 'Background jobs: mails, invoices, stock levels'),
	(37, 'team-tokyo/address', '郵便番号から住所を検索するサービス'),
	(38, 'team-tokyo/shop-ja', '日本語のショップ画面'),
	(39, 'tools/backup', 'Copies volumes and databases to the object store at night'),
	(40, 'tools/curl', 'curl and jq, to look around in a cluster'),
	(41, 'tools/db-migrate', 'Applies schema migrations to PostgreSQL before a release'),
	(42, 'tools/scratchpad', NULL),
	(43, 'web', 'Nothing but web'),
	(44, 'app', 'An app'),
	(45, 'a', 'One letter'),
	(46, 'b', NULL),
	(47, 'x', 'x marks the spot'),
	(48, 'z9', NULL),
	(49, 'ab', 'two letters'),
	(50, 'go', 'The Go tool chain'),
	(51, 'db', 'db'),
	(52, 'os/db', 'A database for everything'),
	(53, '1', NULL),
	(54, '42/7', 'digits only'),
	(55, '0a/0b/0c', NULL),
	(56, 'team/web', 'The front end of the shop'),
	(57, 'team/web/api', 'Behind the front end'),
	(58, 'team/web/api/v1', NULL),
	(59, 'team/web/api/v1/test', 'five segments'),
	(60, 'team/web/api/v1/test/deep', 'six segments, which is deep'),
	(61, 'team/web/api/v2', NULL),
	(62, 'team', NULL),
	(63, 'team-a/web', NULL),
	(64, 'team_b/web', NULL),
	(65, 'team.c/web', NULL),
	(66, 'team--a/web', NULL),
	(67, 'team__b/web', NULL),
	(68, 'Team/Web', 'Upper case is legal, and another repository'),
	(69, 'TEAM/WEB', 'SHOUTING'),
	(70, 'tEaM/wEb', NULL),
	(71, 'library/Ubuntu-Core', 'The Core'),
	(72, 'API/Gateway', 'One door'),
	(73, 'app/app', 'twice'),
	(74, 'app/app/app', 'three times'),
	(75, 'app/app-x', 'starts twice, ends otherwise'),
	(76, 'app-x/app', 'the other way round'),
	(77, 'app/app-x/app-xy', NULL),
	(78, 'app-x/app-x', NULL),
	(79, 'app/appa', NULL),
	(80, 'appa/app', NULL),
	(81, 'x/app/app-x', NULL),
	(82, 'aa/aaa/aaaa', 'a run of a'),
	(83, 'a/a/a/a/a/a', 'six equal segments'),
	(84, 'a-a/a.a/a_a', NULL),
	(85, 'minio/minio', 'Object store'),
	(86, 'grafana/grafana', 'Dashboards'),
	(87, 'grafana/loki', 'Logs beside Grafana'),
	(88, 'calico/node', 'A node of the network'),
	(89, 'node', 'Node.js'),
	(90, 'node/exporter', 'Figures of a node'),
	(91, 'shop-web/web-shop', 'mirrored words'),
	(92, 'web-web/web', NULL),
	(93, 'web.web.web', NULL),
	(94, 'webweb/web', NULL),
	(95, 'library/ubuntu', 'Linux for people'),
	(96, 'library/debian', 'The universal operating system'),
	(97, 'library/redis', 'In memory: cache, queue, lock'),
	(98, 'library/postgres', 'PostgreSQL with nightly backups'),
	(99, 'library/nginx', 'The official one'),
	(100, 'library/node', 'The official Node.js'),
	(101, 'library/app', NULL),
	(102, 'library/web', 'library''s web');
INSERT INTO public.repository VALUES
	(103, 'library/busybox', 'Small'),
	(104, 'library/registry', 'Where all of it is'),
	(105, 'my/library/nginx', 'library in the middle'),
	(106, 'libraries/nginx', NULL),
	(107, 'library', NULL),
	(108, 'bitnami/redis', 'Redis, packaged'),
	(109, 'bitnami/redis-cluster', 'Redis on several machines'),
	(110, 'under_score/under_score', '_ is an ordinary character'),
	(111, 'under-score/under.score', NULL),
	(112, 'under__score', NULL),
	(113, 'a-b/c_d/e.f', NULL),
	(114, 'v1.2.3/build-4_5', NULL),
	(115, 'x86_64/tools', 'For x86_64'),
	(116, '50/off', '50 % off, not 50_off'),
	(117, 'fifty/off', '50% off_now'),
	(118, 'like/percent', '100%'),
	(119, 'like/underscore', 'a_b'),
	(120, 'like/backslash', 'C:\temp\new'),
	(121, 'like/quote', 'It''s "quoted" ''twice'''),
	(122, 'like/star', '* and ? and [a-z]'),
	(123, 'like/semicolon', '''; DROP TABLE repository; --'),
	(124, 'like/json', '{"name": [1, null]}'),
	(125, 'like/html', '<b>bold</b> & <script>alert(1)</script>'),
	(126, 'long/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/segment/end', 'A name of many segments'),
	(127, 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn', '255 letters'),
	(128, 'deep/word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word-word', NULL),
	(129, 'd/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/e', '128 segments'),
	(130, 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-one', NULL),
	(131, 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-two', NULL),
	(132, 'same-start/ssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssssss-two/more', NULL),
	(133, 'text/350', 'Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive Descriptive ab'),
	(134, 'text/350-wide', '🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳🐳'),
	(135, 'text/350-cjk', '容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像容器镜像索引'),
	(136, 'text/tail-one', 'The same long text that differs only at its very end, in the last character: 1'),
	(137, 'text/tail-two', 'The same long text that differs only at its very end, in the last character: 2'),
	(138, 'text/none', NULL),
	(139, 'text/cjk', '日本語のショップ画面'),
	(140, 'text/chinese', '郵便番号から住所を検索するサービス'),
	(141, 'text/korean', '이미지 검색'),
	(142, 'text/emoji', 'Ships 🚀 to 🌍 with 👩‍👩‍👧‍👦 aboard'),
	(143, 'text/flag', '🇩🇪 and 🇯🇵'),
	(144, 'text/nfc', 'Café au lait'),
	(145, 'text/nfd', 'Café au lait'),
	(146, 'text/combining', 'à́̂ stacked'),
	(147, 'text/umlaut', 'Prüft Umsatzsteuer für die Geschäftsführung'),
	(148, 'text/UMLAUT', 'PRÜFT UMSATZSTEUER'),
	(149, 'text/sharp', 'Straße'),
	(150, 'text/sharp-ss', 'STRASSE and Strasse'),
	(151, 'text/capital-sharp', 'STRAẞE'),
	(152, 'text/greek', 'ΟΔΥΣΣΕΥΣ Οδυσσεύς οδυσσευς'),
	(153, 'text/turkish', 'İstanbul ISPARTA ısparta istanbul'),
	(154, 'text/cyrillic', 'Быстрый Поиск'),
	(155, 'text/arabic', 'بحث في السجل'),
	(156, 'text/hebrew', 'חיפוש'),
	(157, 'text/thai', 'ค้นหาอิมเมจ'),
	(158, 'text/kelvin', 'K and Å and Ω'),
	(159, 'text/titlecase', 'ǅ Ǆ ǆ'),
	(160, 'text/cherokee', 'ꭰᎠ'),
	(161, 'text/deseret', '𐐀𐐨'),
	(162, 'text/fullwidth', 'ＷＥＢ ｗｅｂ'),
	(163, 'text/ligature', 'ﬁne ofﬁce'),
	(164, 'text/spaces', 'two  spaces,   three and an em space'),
	(165, 'text/lines', 'first line
second line	tabbed
third'),
	(166, 'text/bom', '﻿starts with U+FEFF'),
	(167, 'text/zwj', 'zero‍width​space'),
	(168, 'text/bidi', 'abc ‮def‬ ghi'),
	(169, 'text/max', '￿ and 􏿿 end'),
	(170, 'text/replacement', 'lost � here'),
	(171, 'text/private', ''),
	(172, 'text/control', 'bell  and escape [31m red'),
	(173, 'text/web-only', 'Finds web, app and shop in the description alone'),
	(174, 'text/word-end', 'web'),
	(175, 'text/word-middle', 'cobwebs in the attic'),
	(176, 'text/64', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxwebtailyyyyyyyyyyyyyyyyyyyy'),
	(177, 'text/eight', 'one two three four five six seven eight'),
	(178, 'text/upper', 'ALL IN CAPITALS'),
	(179, 'text/number', '3.14159 and 2,718'),
	(180, 'text/url', 'https://example.com/web?q=a%20b&c=d#e'),
	(181, 'text/leading', ' leading and trailing '),
	(182, 'fill/app-00', NULL),
	(183, 'fill/app-01', 'filler number 1 of the shop'),
	(184, 'fill/app-02', 'filler number 2 of the shop'),
	(185, 'fill/app-03', NULL),
	(186, 'fill/app-04', 'filler number 4 of the shop'),
	(187, 'fill/app-05', 'filler number 5 of the shop'),
	(188, 'fill/app-06', NULL),
	(189, 'fill/app-07', 'filler number 7 of the shop'),
	(190, 'fill/app-08', 'filler number 8 of the shop'),
	(191, 'fill/app-09', NULL),
	(192, 'fill/app-10', 'filler number 10 of the shop'),
	(193, 'fill/app-11', 'filler number 11 of the shop'),
	(194, 'fill/app-12', NULL),
	(195, 'fill/app-13', 'filler number 13 of the shop'),
	(196, 'fill/app-14', 'filler number 14 of the shop'),
	(197, 'fill/app-15', NULL),
	(198, 'fill/app-16', 'filler number 16 of the shop'),
	(199, 'fill/app-17', 'filler number 17 of the shop'),
	(200, 'fill/app-18', NULL),
	(201, 'fill/app-19', 'filler number 19 of the shop'),
	(202, 'fill/app-20', 'filler number 20 of the shop');
INSERT INTO public.repository VALUES
	(203, 'fill/app-21', NULL),
	(204, 'fill/app-22', 'filler number 22 of the shop'),
	(205, 'fill/app-23', 'filler number 23 of the shop'),
	(206, 'fill/a/service', 'Service a'),
	(207, 'fill/b/service', 'Service b'),
	(208, 'fill/c/service', 'Service c'),
	(209, 'fill/d/service', 'Service d'),
	(210, 'fill/e/service', 'Service e'),
	(211, 'fill/f/service', 'Service f'),
	(9, 'nginx', 'The web server and reverse proxy of all teams'),
	(21, 'redis', 'A redis of our own');


--
-- Data for Name: version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.version VALUES
	(1);


--
-- Name: repository_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.repository_id_seq', 211, true);


--
-- Name: version_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.version_id_seq', 1, false);


--
-- Name: registry_index_search registry_index_search_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.registry_index_search
    ADD CONSTRAINT registry_index_search_pkey PRIMARY KEY (id);


--
-- Name: registry_index_state registry_index_state_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.registry_index_state
    ADD CONSTRAINT registry_index_state_pkey PRIMARY KEY (name);


--
-- Name: repository repository_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.repository
    ADD CONSTRAINT repository_name_key UNIQUE (name);


--
-- Name: repository repository_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.repository
    ADD CONSTRAINT repository_pkey PRIMARY KEY (id);


--
-- Name: version version_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (id);


--
-- Name: registry_index_trigram_description; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX registry_index_trigram_description ON public.registry_index_search USING gin (folded_description public.gin_trgm_ops) WITH (gin_pending_list_limit='256');


--
-- Name: registry_index_trigram_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX registry_index_trigram_name ON public.registry_index_search USING gin (folded_name public.gin_trgm_ops) WITH (gin_pending_list_limit='256');


--
-- PostgreSQL database dump complete
--


