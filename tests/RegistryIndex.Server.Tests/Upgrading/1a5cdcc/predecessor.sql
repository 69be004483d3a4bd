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
	(1, 'library/ubuntu', 'library/ubuntu', ''),
	(2, 'library/Ubuntu-Core', 'library/ubuntu-core', 'the core'),
	(3, 'team/50%_off', 'team/50%_off', ''),
	(4, 'odd name!', 'odd name!', 'not in the grammar'),
	(5, 'team/web', 'team/web', 'a shop'),
	(6, 'Team/Web', 'team/web', 'another'),
	(7, 'a//b', 'a//b', 'an empty segment'),
	(8, '/leading', '/leading', 'starts with a slash'),
	(9, 'trailing/', 'trailing/', 'ends with one'),
	(10, '-dash/first', '-dash/first', ''),
	(11, 'dots../x', 'dots../x', ''),
	(12, 'UPPER Case/With Space', 'upper case/with space', 'two words in a name'),
	(13, '你好/世界', '你好/世界', 'namen, die kein ascii sind'),
	(14, 'emoji/🐳', 'emoji/🐳', 'a whale'),
	(15, 'café', 'café', 'nfc'),
	(16, 'café', 'café', 'nfd'),
	(17, 'it''s/quoted', 'it''s/quoted', '''single'' and "double"'),
	(18, 'back\slash', 'back\slash', '\'),
	(19, '100%', '100%', 'percent'),
	(20, '_', '_', 'underscore'),
	(21, 'straße/web', 'straße/web', 'sharp s'),
	(22, 'STRASSE/web', 'strasse/web', 'capitals'),
	(23, 'x', 'x', 'short'),
	(24, 'app/app-x', 'app/app-x', 'twice'),
	(25, 'q', 'q', '你好'),
	(26, 's p a c e s', 's p a c e s', ''),
	(27, 'tab	here', 'tab here', 'tab'),
	(28, 'semi;colon', 'semi;colon', '; --'),
	(29, 'é/é', 'é/é', 'é'),
	(30, 'app', 'app', 'app'),
	(31, 'web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/end', 'web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/end', 'close to the column''s 95'),
	(32, 'moved/app-00', 'moved/app-00', 'moved by a migration'),
	(33, 'moved/app-01', 'moved/app-01', 'moved by a migration'),
	(34, 'moved/app-02', 'moved/app-02', 'moved by a migration'),
	(35, 'moved/app-03', 'moved/app-03', 'moved by a migration'),
	(36, 'moved/app-04', 'moved/app-04', 'moved by a migration'),
	(37, 'moved/app-05', 'moved/app-05', 'moved by a migration'),
	(38, 'moved/app-06', 'moved/app-06', 'moved by a migration'),
	(39, 'moved/app-07', 'moved/app-07', 'moved by a migration'),
	(40, 'moved/app-08', 'moved/app-08', 'moved by a migration'),
	(41, 'moved/app-09', 'moved/app-09', 'moved by a migration'),
	(42, 'moved/app-10', 'moved/app-10', 'moved by a migration'),
	(43, 'moved/app-11', 'moved/app-11', 'moved by a migration'),
	(44, 'moved/app-12', 'moved/app-12', 'moved by a migration'),
	(45, 'moved/app-13', 'moved/app-13', 'moved by a migration'),
	(46, 'moved/app-14', 'moved/app-14', 'moved by a migration'),
	(47, 'moved/app-15', 'moved/app-15', 'moved by a migration'),
	(48, 'moved/app-16', 'moved/app-16', 'moved by a migration'),
	(49, 'moved/app-17', 'moved/app-17', 'moved by a migration'),
	(50, 'moved/app-18', 'moved/app-18', 'moved by a migration'),
	(51, 'moved/app-19', 'moved/app-19', 'moved by a migration');


--
-- Data for Name: registry_index_state; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.registry_index_state VALUES
	('schema', '1'),
	('mark:mirror', '2026-11-27T00:28:51.1729939+00:00'),
	('mark:migration', '{"source":"/var/lib/registry-index/moved.db","run":"5f4e0a5d825543ed91c6be32e4bcda2c","moved":20,"refused":0,"isDone":false,"after":"moved/app-19"}');


--
-- Data for Name: repository; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.repository VALUES
	(1, 'library/ubuntu', NULL),
	(2, 'library/Ubuntu-Core', 'The Core'),
	(3, 'team/50%_off', ''),
	(4, 'odd name!', 'not in the grammar'),
	(5, 'team/web', 'a shop'),
	(6, 'Team/Web', 'another'),
	(7, 'a//b', 'an empty segment'),
	(8, '/leading', 'starts with a slash'),
	(9, 'trailing/', 'ends with one'),
	(10, '-dash/first', NULL),
	(11, 'dots../x', '   '),
	(12, 'UPPER Case/With Space', 'two words in a name'),
	(13, '你好/世界', 'Namen, die kein ASCII sind'),
	(14, 'emoji/🐳', 'a whale'),
	(15, 'café', 'nfc'),
	(16, 'café', 'nfd'),
	(17, 'it''s/quoted', '''single'' and "double"'),
	(18, 'back\slash', '\'),
	(19, '100%', 'percent'),
	(20, '_', 'underscore'),
	(21, 'straße/web', 'sharp s'),
	(22, 'STRASSE/web', 'capitals'),
	(23, 'x', 'short'),
	(24, 'app/app-x', 'twice'),
	(25, 'q', '你好'),
	(26, 's p a c e s', NULL),
	(27, 'tab	here', 'tab'),
	(28, 'semi;colon', '; --'),
	(29, 'é/é', 'é'),
	(30, 'app', 'app'),
	(31, 'web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/web/end', 'close to the column''s 95'),
	(32, 'moved/app-00', 'moved by a migration'),
	(33, 'moved/app-01', 'moved by a migration'),
	(34, 'moved/app-02', 'moved by a migration'),
	(35, 'moved/app-03', 'moved by a migration'),
	(36, 'moved/app-04', 'moved by a migration'),
	(37, 'moved/app-05', 'moved by a migration'),
	(38, 'moved/app-06', 'moved by a migration'),
	(39, 'moved/app-07', 'moved by a migration'),
	(40, 'moved/app-08', 'moved by a migration'),
	(41, 'moved/app-09', 'moved by a migration'),
	(42, 'moved/app-10', 'moved by a migration'),
	(43, 'moved/app-11', 'moved by a migration'),
	(44, 'moved/app-12', 'moved by a migration'),
	(45, 'moved/app-13', 'moved by a migration'),
	(46, 'moved/app-14', 'moved by a migration'),
	(47, 'moved/app-15', 'moved by a migration'),
	(48, 'moved/app-16', 'moved by a migration'),
	(49, 'moved/app-17', 'moved by a migration'),
	(50, 'moved/app-18', 'moved by a migration'),
	(51, 'moved/app-19', 'moved by a migration');


--
-- Data for Name: version; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.version VALUES
	(1);


--
-- Name: repository_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.repository_id_seq', 51, true);


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


