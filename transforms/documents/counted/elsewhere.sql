-- One row per kind of proof: children verified at school elsewhere whose explanation holds, of these the ones that
-- the ladder counts as 外地就读 (school age in the 底册, no record here, grade 9 not done), and those on the yearly review.
with told as (
    select link.person_id, v.registry_number_elsewhere, v.evidence, v.verification_method
    from validated.verification as v
    inner join conformed.link as link on v.identity = link.identity
    where v.verification_result = '外地就读有学籍' and v.verified_on <= $as_of
    qualify row_number() over (
        partition by link.person_id order by v.verified_on desc, v.period desc, v.source_row desc
    ) = 1
),

held as (
    select
        w.on_review_list,
        coalesce(s.why = '外地就读有学籍', false) as in_ladder,
        case
            when t.registry_number_elsewhere is not null then '有就读学籍号'
            when t.evidence is not null then '仅有佐证材料'
            when t.verification_method = '电话核查' then '仅经电话核查'
            when t.person_id is not null then '仅有核实结论'
            else '转学手续办结'
        end as proof
    from conformed.explanation as w
    left join told as t on w.person_id = t.person_id
    left join compared.standing as s on w.person_id = s.person_id
    where w.explanation = '外地就读有学籍'
)

select
    proof,
    count(*) as children,
    count(*) filter (where in_ladder) as in_ladder,
    count(*) filter (where on_review_list) as on_review_list
from held
group by proof
order by children desc, proof
