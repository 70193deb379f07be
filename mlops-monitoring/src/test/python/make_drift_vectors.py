"""Makes drift_vectors.json: values of scipy for the statistics of mlops-monitoring. numpy, scipy needed; deterministic."""
import json, sys
import numpy as np, scipy
from scipy import stats
import drift_prototype as D
rng=np.random.default_rng(20130101)
r=lambda n,f: [float(x) for x in f(n)]

def num(x):
    if isinstance(x,(bool,str)) or x is None: return x
    if isinstance(x,dict): return {k:num(v) for k,v in x.items()}
    if isinstance(x,(list,tuple,np.ndarray)): return [num(v) for v in x]
    if isinstance(x,(int,np.integer)): return int(x)
    x=float(x); return x if np.isfinite(x) else repr(x)          # "nan", "inf", "-inf" as text

def numeric(name,a,b):
    A,B=np.array(a),np.array(b); n,m=len(a),len(b); out={}
    if n>1 and m>1:
        with np.errstate(all='ignore'):
            s=stats.ttest_ind(A,B); out['t_test_pooled']={'t':s.statistic,'df':s.df,'p':s.pvalue}
            s=stats.ttest_ind(A,B,equal_var=False); out['t_test_welch']={'t':s.statistic,'df':s.df,'p':s.pvalue}
    k=stats.ks_2samp(A,B,method='asymp'); D_=k.statistic
    out['ks']={'d':D_,'p_asymptotic_scipy':k.pvalue,'p_kolmogorov':stats.kstwobign.sf(D_*np.sqrt(n*m/(n+m)))}   # scipy rounds n*m/(n+m) and uses the one-sample distribution; the second is the limit
    if n*m<=40000: out['ks']['p_exact']=stats.ks_2samp(A,B,method='exact').pvalue
    u=stats.mannwhitneyu(B,A,method='asymptotic',use_continuity=False); out['mann_whitney']={'u':u.statistic,'p':u.pvalue,'position':u.statistic/(n*m)-.5}
    out['wasserstein']=stats.wasserstein_distance(A,B)
    return {'name':name,'reference':num(a),'current':num(b),'expected':num(out)}

def categorical(name,c1,c2):
    a,b=np.array(c1,float),np.array(c2,float); out={}
    keep=(a+b)>0
    chi=stats.chi2_contingency(np.array([a[keep],b[keep]]),correction=False); out['chi2_contingency']={'chi2':chi.statistic,'df':chi.dof,'p':chi.pvalue}
    if keep.sum()==2:
        chi=stats.chi2_contingency(np.array([a[keep],b[keep]]),correction=True); out['chi2_yates']={'chi2':chi.statistic,'df':chi.dof,'p':chi.pvalue}
        out['fisher_exact']=stats.fisher_exact(np.array([a[keep],b[keep]]).astype(int))[1]
    p,q=a/a.sum(),b/b.sum()
    e=.5; ps,qs=(a+e)/(a+e).sum(),(b+e)/(b+e).sum()
    out['psi_half_count']=np.sum((qs-ps)*np.log(qs/ps))             # half a row added to every category on both sides
    if (p>0).all() and (q>0).all(): out['psi']=np.sum((q-p)*np.log(q/p))
    m=(p+q)/2
    kl=lambda x: np.sum(np.where(x>0,x*np.log(np.where(x>0,x,1)/np.where(m>0,m,1)),0))
    js=(kl(p)+kl(q))/2
    out['js_divergence_nats']=js; out['js_distance_nats']=np.sqrt(max(js,0)); out['js_distance_bits']=np.sqrt(max(js,0)/np.log(2))
    from scipy.spatial.distance import jensenshannon
    assert abs(jensenshannon(p,q)-out['js_distance_nats'])<1e-8
    out['total_variation']=np.abs(p-q).sum()/2
    out['cohens_h']=2*np.arcsin(np.sqrt(q))-2*np.arcsin(np.sqrt(p))
    return {'name':name,'reference':num(c1),'current':num(c2),'expected':num(out)}

N=lambda m=0,s=1: (lambda n: rng.normal(m,s,n))
cases=[
 numeric('two against two',[1.0,2.0],[2.0,3.0]),
 numeric('one against three: no t-test',[1.5],[1.0,2.0,3.0]),
 numeric('equal samples',[1.0,2.0,3.0,4.0],[1.0,2.0,3.0,4.0]),
 numeric('constants that differ',[5.0]*6,[7.0]*4),
 numeric('constants that agree',[5.0]*6,[5.0]*4),
 numeric('disjoint',r(12,N(0,1)),r(9,N(50,1))),
 numeric('ties',[float(x) for x in rng.integers(0,4,40)],[float(x) for x in rng.integers(0,5,25)]),
 numeric('no change, 50 against 30',r(50,N()),r(30,N())),
 numeric('shift of half a deviation',r(80,N()),r(60,N(.5))),
 numeric('twice the spread',r(100,N()),r(70,N(0,2))),
 numeric('heavy tail and negative values',[float(x) for x in rng.standard_t(2,60)],[float(x) for x in rng.exponential(3,45)]),
 numeric('far from zero, small variance',r(40,N(1e9,1e-3)),r(40,N(1e9+5e-4,1e-3))),
 {**(v:=numeric('tiny values',r(20,N(0,1e-300)),r(20,N(1e-300,1e-300)))),'expected':{k:x for k,x in v['expected'].items() if not k.startswith('t_test')},'note':'no t-test here: scipy squares the values and underflows'},
 numeric('large: 500 against 400',r(500,N()),r(400,N(.1))),
]
p20=rng.dirichlet(np.ones(20))
cats=[
 categorical('two categories',[30,70],[45,55]),
 categorical('two categories, few',[1,9],[4,6]),
 categorical('same shares',[10,20,30],[100,200,300]),
 categorical('a category goes',[50,30,20],[60,40,0]),
 categorical('a category comes',[50,50,0],[40,40,20]),
 categorical('nothing in common',[10,0,20,0],[0,15,0,5]),
 categorical('a category in neither',[10,0,20],[5,0,25]),
 categorical('small against large',[3,2,1],[3000,2500,900]),
 categorical('20 categories, no change, 1000 against 1000',[int(x) for x in rng.multinomial(1000,p20)],[int(x) for x in rng.multinomial(1000,p20)]),
 categorical('20 categories, no change, 2000 against 50',[int(x) for x in rng.multinomial(2000,p20)],[int(x) for x in rng.multinomial(50,p20)]),
 categorical('millions, tiny change',[1000000,2000000,7000000],[1003000,1999000,6998000]),
]
adj=[]
for name,p in [('one',[.03]),('Benjamini and Hochberg 1995',[.0001,.0004,.0019,.0095,.0201,.0278,.0298,.0344,.0459,.3240,.4262,.5719,.6528,.7590,1.0]),('ties and unsorted',[.5,.01,.01,.04,.04,.9,.03]),('all one',[1.0]*4),('zero among them',[0.0,.2,.05]),('tiny',[1e-300,1e-20,.5,.04]),('random',r(20,lambda n:rng.random(n)**2))]:
    adj.append({'name':name,'p':num(p),'benjamini_hochberg':num(stats.false_discovery_control(p)),'simes':D.simes(np.array(p))})
weeks=[]
def week(name,v,noise,reference,window):
    d,t,df,p,rho=D.week_test(None,np.array(v),np.array(noise),reference,window); weeks.append({'name':name,'values':num(v),'noise':num(noise),'reference_weeks':reference,'window_weeks':window,'expected':num({'effect':d,'t':t,'df':df,'p':p,'rho':rho})})
def ar(n,rho):
    x=[float(rng.standard_normal())]
    for _ in range(n-1): x.append(rho*x[-1]+float(np.sqrt(1-rho**2)*rng.standard_normal()))
    return x
week('no correlation, next week',ar(27,0),[1e-4]*27,list(range(26)),[26])
week('no correlation, four weeks, shifted',[x if i<26 else x-2 for i,x in enumerate(ar(30,0))],[1e-4]*30,list(range(26)),list(range(26,30)))
week('weeks that resemble their neighbours, eight weeks',ar(34,.6),[1e-4]*34,list(range(26)),list(range(26,34)))
week('slow wandering: correlation at its cap',[float(i)+.1*(i%3) for i in range(30)],[1e-4]*30,list(range(26)),list(range(26,30)))
week('alternating: negative correlation counts as none',[float(i%2) for i in range(28)],[1e-4]*28,list(range(26)),[26,27])
week('left out of the middle: neighbours are those next to each other in time',ar(26,.3),[1e-4]*26,[w for w in range(26) if not 10<=w<=13],[10,11,12,13])
week('reference constant: only sampling noise',[0.0]*26+[.3],[.001]*27,list(range(26)),[26])
week('reference constant, window the same',[0.0]*27,[.001]*27,list(range(26)),[26])
week('a thin week in the window',ar(27,0),[1e-4]*26+[.5],list(range(26)),[26])
week('eight reference weeks',ar(9,.2),[.01]*9,list(range(8)),[8])
json.dump({'made_by':'make_drift_vectors.py','scipy':scipy.__version__,'numpy':np.__version__,'numeric':cases,'categorical':cats,'adjustment':adj,'weekly':weeks,
 'student_t':[{'t':t,'df':df,'p_two_sided':num(2*stats.t.sf(abs(t),df))} for t in (0.0,.5,2.0,-3.5,12.0,40.0) for df in (1.0,1.33,7.0,22.4,25.0,1e6)],
 'cohens_h':[{'from':a,'to':b,'h':num(D.asin(b)-D.asin(a))} for a,b in ((0,0),(0,.0025),(.25,.13),(1,0),(.5,.55))]},
 open(sys.argv[1] if len(sys.argv)>1 else 'drift_vectors.json','w'),indent=1,allow_nan=False)
