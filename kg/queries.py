"""Every Cypher statement of the program, by name. All values travel as parameters.

Written in the Cypher that Neo4j 5.26 and the embedded engine share, so without full-text or vector indexes.
The only text ever put into a statement is a relationship type of `kg.predicates`. Knows nothing of the
driver.
"""

from kg.predicates import PREDICATES

FACT_TYPES = frozenset(PREDICATES) | frozenset(f"NOT_{name}" for name in PREDICATES)

_CONCEPT = (
    "c.id AS id, c.name AS name, c.category AS category, c.synonyms AS synonyms, c.lay_name AS lay_name, "
    "c.definition AS definition, c.definition_source AS definition_source, c.pack AS pack"
)
_FACT = (
    "a.id AS subject, a.name AS subject_name, type(r) AS type, properties(r) AS r, "
    "b.id AS object, b.name AS object_name"
)
_TRUST = "CASE r.tier WHEN 'reviewed' THEN 0 WHEN 'curated' THEN 1 WHEN 'imported' THEN 2 ELSE 3 END"

PING = "RETURN 1 AS one"

# --- schema
# ---------------------------------------------------------------------------------------------------------

CONSTRAINTS = (
    "CREATE CONSTRAINT concept_id IF NOT EXISTS FOR (c:Concept) REQUIRE c.id IS UNIQUE",
    "CREATE CONSTRAINT source_id IF NOT EXISTS FOR (s:Source) REQUIRE s.id IS UNIQUE",
    "CREATE CONSTRAINT pack_name IF NOT EXISTS FOR (p:Pack) REQUIRE p.name IS UNIQUE",
)

# --- reading
# --------------------------------------------------------------------------------------------------------

LEXICON = f"MATCH (c:Concept) RETURN {_CONCEPT} ORDER BY id"

CONCEPTS_BY_ID = f"MATCH (c:Concept) WHERE c.id IN $ids RETURN {_CONCEPT} ORDER BY id"

SEARCH = f"""
MATCH (c:Concept)
WHERE toLower(c.name) CONTAINS $text OR c.id = $text OR any(s IN c.synonyms WHERE s CONTAINS $text)
RETURN {_CONCEPT} ORDER BY size(c.name), id LIMIT $limit
"""

_RANKED = f"RETURN {_FACT} ORDER BY {_TRUST}, r.id LIMIT $limit"

# Each id is looked up by itself: the embedded engine uses the index for that, not for `IN $ids` at the far
# end.
FACTS_OUT = f"UNWIND $ids AS id MATCH (a:Concept {{id: id}})-[r]->(b:Concept) {_RANKED}"
FACTS_IN = f"UNWIND $ids AS id MATCH (b:Concept {{id: id}})<-[r]-(a:Concept) {_RANKED}"
FACTS_OUT_OF_TYPES = (
    f"UNWIND $ids AS id MATCH (a:Concept {{id: id}})-[r]->(b:Concept) WHERE type(r) IN $types {_RANKED}"
)
FACTS_IN_OF_TYPES = f"UNWIND $ids AS id MATCH (b:Concept {{id: id}})<-[r]-(a:Concept) WHERE type(r) IN $types {_RANKED}"

FACTS_BETWEEN = f"""
UNWIND $pairs AS pair
MATCH (a:Concept {{id: pair[0]}})-[r]->(b:Concept {{id: pair[1]}})
RETURN {_FACT} ORDER BY {_TRUST}, r.id
"""

IS_A_STEPS = 4
ANCESTORS = f"""
MATCH (c:Concept)-[:IS_A*1..{IS_A_STEPS}]->(a:Concept) WHERE c.id IN $ids
RETURN DISTINCT c.id AS below, a.id AS above ORDER BY below, above
"""

IS_A = "MATCH (c:Concept)-[:IS_A]->(a:Concept) RETURN c.id AS below, a.id AS above"

DESCENDANTS = f"""
MATCH (c:Concept)-[:IS_A*1..{IS_A_STEPS}]->(a:Concept) WHERE a.id IN $ids
RETURN DISTINCT c.id AS below, a.id AS above ORDER BY below, above
"""

SOURCES = "MATCH (s:Source) RETURN s.id AS id, s.citation AS citation, s.year AS year, s.url AS url ORDER BY id"

SOURCES_BY_ID = """
MATCH (s:Source) WHERE s.id IN $ids
RETURN s.id AS id, s.citation AS citation, s.year AS year, s.url AS url ORDER BY id
"""

COUNT_CONCEPTS = "MATCH (c:Concept) RETURN count(c) AS n"
COUNT_SOURCES = "MATCH (s:Source) RETURN count(s) AS n"
COUNT_FACTS = """
MATCH (:Concept)-[r]->(:Concept) RETURN r.pack AS pack, r.tier AS tier, count(r) AS n ORDER BY pack, tier
"""
PACKS = """
MATCH (p:Pack)
RETURN p.name AS name, p.version AS version, p.licence AS licence, p.loading AS loading ORDER BY name
"""

# --- moving a graph
# ---------------------------------------------------------------------------------------------------------------

EXPORT_SOURCES = """
MATCH (s:Source) RETURN s.id AS id, s.citation AS citation, s.year AS year, s.url AS url, s.pack AS pack ORDER BY id
"""
EXPORT_CONCEPTS = f"MATCH (c:Concept) WHERE c.pack = $pack RETURN {_CONCEPT} ORDER BY id"
EXPORT_FACTS = f"""
MATCH (a:Concept)-[r]->(b:Concept) WHERE r.pack = $pack AND r.id >= $from AND r.id < $to
RETURN {_FACT} ORDER BY r.id
"""

# --- loading
# --------------------------------------------------------------------------------------------------------

START_PACK = """
MERGE (p:Pack {name: $name})
SET p.licence = $licence, p.loading = $version, p.version = ''
"""

FINISH_PACK = "MATCH (p:Pack {name: $name}) SET p.version = $version, p.loading = ''"

MERGE_SOURCES = """
UNWIND $rows AS row
MERGE (s:Source {id: row.id})
SET s.citation = row.citation, s.year = row.year, s.url = row.url, s.pack = $pack
"""

MERGE_CONCEPTS = """
UNWIND $rows AS row
MERGE (c:Concept {id: row.id})
SET c.name = row.name, c.category = row.category, c.synonyms = row.synonyms, c.lay_name = row.lay_name,
    c.definition = row.definition, c.definition_source = row.definition_source,
    c.pack = $pack, c.pack_version = $version
"""

CONCEPTS_OF_OTHER_PACKS = "MATCH (c:Concept) WHERE c.pack <> $pack RETURN c.id AS id"
SOURCES_OF_OTHER_PACKS = "MATCH (s:Source) WHERE s.pack <> $pack RETURN s.id AS id, s.citation AS citation"
LOADED_FACTS = """
MATCH (:Concept)-[r]->(:Concept) WHERE r.pack = $pack AND r.pack_version = $version RETURN r.id AS id
"""

# In parts: a large pack's old version is more than one transaction should hold.
DELETE_STALE_FACTS = """
MATCH (:Concept)-[r]->(:Concept) WHERE r.pack = $pack AND r.pack_version <> $version
WITH r LIMIT $limit DELETE r
"""
COUNT_STALE_FACTS = """
MATCH (:Concept)-[r]->(:Concept) WHERE r.pack = $pack AND r.pack_version <> $version RETURN count(r) AS n
"""
DELETE_STALE_CONCEPTS = """
MATCH (c:Concept) WHERE c.pack = $pack AND c.pack_version <> $version AND NOT (c)--() DELETE c
"""


def merge_facts(fact_type: str) -> str:
    """Writes facts of one relationship type, which must be one of `FACT_TYPES`."""
    if fact_type not in FACT_TYPES:
        raise ValueError(f"{fact_type!r} is not a relation of kg.predicates")
    return f"""
UNWIND $rows AS row
MATCH (a:Concept {{id: row.subject}})
MATCH (b:Concept {{id: row.object}})
MERGE (a)-[r:{fact_type} {{id: row.id, pack: $pack}}]->(b)
SET r += row.properties
"""
